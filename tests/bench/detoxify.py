"""Detoxify's own `predict` against ours: as published, in int8, and against `compact`.

A checkpoint of bert-base's real size, its weights drawn by lot: its scores mean nothing, what they
cost is the same, and int8 can be compared with the exact model. One thread each.
"""

import importlib.util
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from statistics import mean, median
from typing import Any

from rich.console import Console

from classifiers import registry
from classifiers.compact.manifest import read_manifest
from classifiers.interface import Classifier
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.comments import Format, Written
from tests.bench import texts
from tests.bench.options import Options
from tests.bench.results import Result, Target
from tests.checkpoints import PUBLISHED_LABELS, named_by_its_digest
from worker.reading import Reader

BENCH = "detoxify"
NAME = "detoxify:original"
COMMENTS = 100
COMMENTS_SHORT = 4
WARM_UP = 2
MEGABYTE = 1_000_000
PEER = "Detoxify's predict"
NEEDED = ("torch", "transformers", "detoxify", "onnx")
INT8 = f"{NAME}@int8"
TARGETS = {
    NAME: Target(at_least=0.9),
    INT8: Target(at_least=4.0),
    "compact": Target(at_least=12.0),
}
NOTE = "one comment after the other, one thread, random weights of bert-base's size"


def run(options: Options) -> Iterator[Result]:
    """Measure speed, then how far int8's scores are from the exact ones, then the files."""
    if not all(map(importlib.util.find_spec, NEEDED)):
        Console(stderr=True).print("!!! PyTorch or onnx is not installed: nothing is measured. !!!")
        return
    comments = texts.comments(COMMENTS_SHORT if options.short else COMMENTS)
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = _checkpoint(Path(folder))
        models = ClassifierOptions(Path(folder) / "models")
        for _ in registry.fetch(INT8, models, str(checkpoint)):
            pass
        ours = {name: registry.load(name, models) for name in TARGETS}
        itself = import_module("detoxify").Detoxify(checkpoint=str(checkpoint))
        yield from _speed(options, comments, itself.predict, ours)
        yield from _distance(comments, ours[NAME], ours[INT8])
        yield from _sizes(models.models)


def _checkpoint(folder: Path) -> Path:
    """Write a checkpoint of bert-base's size, and BERT's own vocabulary beside it."""
    torch, transformers = import_module("torch"), import_module("transformers")
    torch.manual_seed(1)
    names = PUBLISHED_LABELS["original"]
    model = transformers.BertForSequenceClassification(
        transformers.BertConfig(num_labels=len(names))
    )
    # Drawn as they are, all scores would be near one half.
    torch.nn.init.normal_(model.classifier.weight, std=0.3)
    vocabulary = json.loads(read_manifest().tokenizer.read())["model"]["vocab"]
    tokenizer = transformers.BertTokenizer(vocab=vocabulary, model_max_length=512)
    tokenizer.save_pretrained(folder)
    model.config.save_pretrained(folder)
    args = {
        "num_classes": len(names),
        "model_type": str(folder),
        "model_name": "BertForSequenceClassification",
        "tokenizer_name": "BertTokenizer",
    }
    config = {"arch": {"args": args}, "dataset": {"args": {"classes": names}}}
    return named_by_its_digest(torch, {"config": config, "state_dict": model.state_dict()}, folder)


def _speed(
    options: Options,
    comments: Sequence[str],
    predict: Callable[[str], Any],
    ours: Mapping[str, Classifier],
) -> Iterator[Result]:
    """Count comments per CPU second; the peer and ours take turns."""
    scorers = {PEER: predict}
    for name, classifier in ours.items():
        scorers[name] = _one_by_one(classifier)
    scorers["compact"] = _as_in_a_worker(ours["compact"])
    for score in scorers.values():
        _rate(score, comments[:WARM_UP])
    runs = [
        {name: _rate(score, comments) for name, score in scorers.items()}
        for _ in range(options.runs)
    ]
    for name, target in TARGETS.items():
        yield Result(
            bench=BENCH,
            measure=f"{name}: comments a CPU second",
            value=median(run[name] for run in runs),
            unit="1/s",
            runs=len(runs),
            peer=PEER,
            peer_value=median(run[PEER] for run in runs),
            ratio=median(run[name] / run[PEER] for run in runs),
            target=target,
            note=NOTE,
        )


def _one_by_one(classifier: Classifier) -> Callable[[str], Any]:
    return lambda text: classifier.classify([text])


def _as_in_a_worker(classifier: Classifier) -> Callable[[str], Any]:
    """Return all that a worker does to judge: the text as it is read, language, both views."""
    reader = Reader(classifier)

    def judged(text: str) -> Any:  # noqa: ANN401 - nobody looks at it
        read = reader.read(Written(text, Format.PLAIN, None, "en", None))
        [scores] = classifier.classify([read.text])
        return read.facts(scores)

    return judged


def _rate(score: Callable[[str], Any], comments: Sequence[str]) -> float:
    started = time.process_time()
    for comment in comments:
        score(comment)
    return len(comments) / (time.process_time() - started)


def _distance(
    comments: Sequence[str], exactly: Classifier, in_int8: Classifier
) -> Iterator[Result]:
    exact, int8 = exactly.classify(comments), in_int8.classify(comments)
    apart = [
        abs(right[label] - wrong[label])
        for right, wrong in zip(exact, int8, strict=True)
        for label in right
    ]
    for which, value in (("on average", mean(apart)), ("at most", max(apart))):
        measure = f"int8: its scores from the exact ones, {which}"
        yield Result(BENCH, measure, 1000 * value, "‰", runs=1, note="random weights")


def _sizes(models: Path) -> Iterator[Result]:
    for weights in sorted(models.glob("*/model.*")):
        measure = f"{weights.name} on disk"
        yield Result(BENCH, measure, weights.stat().st_size / MEGABYTE, "MB", runs=1)
