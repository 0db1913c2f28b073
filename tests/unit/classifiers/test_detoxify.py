"""A fetched model answers as Detoxify does, without its traps. Random weights of four families."""

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from classifiers import registry
from classifiers.cleaning import RULES
from classifiers.detoxify.releases import RELEASES
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.devices import Device
from moderation.model.errors import NotConfigured
from moderation.model.labels import OF_CLASSIFIERS, Label, Scores
from tests.checkpoints import fetch

pytestmark = pytest.mark.detoxify

TEXTS = ["You are an idiot.", "Thank you, the bridge is closed.", "the bridge " * 40, "?", "你好"]
Fetched = Callable[[str], ClassifierOptions]
Checkpoints = Callable[[str], Path]


@pytest.fixture(params=list(RELEASES))
def model_type(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def detoxify_itself(checkpoint: Path) -> Any:  # noqa: ANN401 - an untyped package
    return importlib.import_module("detoxify").Detoxify(checkpoint=str(checkpoint))


def near(theirs: dict[str, float], scores: Scores, within: float = 1e-5) -> bool:
    return {**scores} == pytest.approx(
        {label: theirs[label] for label in scores}, rel=0, abs=within
    )


def test_one_text_scores_as_with_detoxify(
    tiny_checkpoint: Checkpoints, fetched: Fetched, model_type: str
) -> None:
    itself = detoxify_itself(tiny_checkpoint(model_type))
    ours = registry.load(f"detoxify:{model_type}", fetched(f"detoxify:{model_type}"))

    for text in TEXTS:
        [scores] = ours.classify([text])
        assert near(itself.predict(text), scores)


def test_many_texts_score_as_with_detoxify_and_none_have_none(
    tiny_checkpoint: Checkpoints, fetched: Fetched, model_type: str
) -> None:
    theirs = detoxify_itself(tiny_checkpoint(model_type)).predict(TEXTS)
    classifier = registry.load(f"detoxify:{model_type}", fetched(f"detoxify:{model_type}"))
    ours = classifier.classify(TEXTS)

    for number, scores in enumerate(ours):
        assert near({label: row[number] for label, row in theirs.items()}, scores)
    assert len({frozenset(scores.items()) for scores in ours}) == len(TEXTS)
    assert classifier.classify([]) == []


def test_a_gpu_scores_as_the_cpu_where_there_is_one(
    torch: ModuleType, fetched: Fetched, model_type: str
) -> None:
    options = fetched(f"detoxify:{model_type}")
    asked = ClassifierOptions(options.models, Device.AUTO)
    on_cpu = registry.load(f"detoxify:{model_type}", options).classify(TEXTS)
    on_any = registry.load(f"detoxify:{model_type}", asked).classify(TEXTS)

    for number, scores in enumerate(on_cpu):
        assert near({label.value: score for label, score in scores.items()}, on_any[number])
    # Without a GPU both are the CPU's, to the last digit.
    assert torch.cuda.device_count() or on_any == on_cpu


def test_a_gpu_that_is_asked_for_and_absent_is_told(
    torch: ModuleType, fetched: Fetched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    asked = ClassifierOptions(fetched("detoxify:original").models, Device.CUDA)

    with pytest.raises(NotConfigured, match=r"COPYDESK_CLASSIFIER_DEVICE asks for a GPU, and PyT"):
        registry.load("detoxify:original", asked)


def test_int8_scores_much_as_the_exact_model_does(fetched: Fetched, model_type: str) -> None:
    exact = registry.load(f"detoxify:{model_type}", fetched(f"detoxify:{model_type}"))
    int8 = registry.load(f"detoxify:{model_type}@int8", fetched(f"detoxify:{model_type}@int8"))

    apart = [
        abs(theirs[label] - ours[label])
        for theirs, ours in zip(exact.classify(TEXTS), int8.classify(TEXTS), strict=True)
        for label in exact.labels
    ]
    assert int8.labels == exact.labels
    # These weights are wider than trained ones, and int8 the coarser for it.
    assert 0 < sum(apart) / len(apart) < 0.02
    assert max(apart) < 0.2


def test_every_product_with_weights_is_in_int8(fetched: Fetched, model_type: str) -> None:
    models = fetched(f"detoxify:{model_type}@int8").models
    path = models / f"detoxify-{model_type}-int8" / "model.int8.onnx"
    graph = importlib.import_module("onnx").load(path).graph
    weights = {weight.name for weight in graph.initializer}

    # Also in ALBERT, whose layers share theirs.
    kinds = [node.op_type for node in graph.node if weights & set(node.input)]
    assert "MatMul" not in kinds
    assert "Gemm" not in kinds
    assert kinds.count("MatMulInteger") >= 2 * 6


@pytest.mark.parametrize("name", ["detoxify:original", "detoxify:original@int8"])
def test_the_version_is_the_digest_of_the_weights_and_the_rules_of_cleaning(
    fetched: Fetched, name: str
) -> None:
    version = registry.version(name, fetched(name))
    assert re.fullmatch(rf"{name}@[0-9a-f]{{12}}\+cleaning{RULES}", version)


def test_the_labels_are_those_of_toxicity_and_no_groups(fetched: Fetched, model_type: str) -> None:
    name = f"detoxify:{model_type}"
    explicit = {Label.SEXUAL_EXPLICIT} if model_type[0] != "o" else set()

    assert registry.load(name, fetched(name)).labels == (
        set(OF_CLASSIFIERS) - {Label.SEXUAL_EXPLICIT} | explicit
    )


@pytest.mark.parametrize("name", ["detoxify:original", "detoxify:original@int8"])
def test_what_detoxify_drops_after_512_tokens_is_scored(
    tiny_checkpoint: Checkpoints, fetched: Fetched, name: str
) -> None:
    plain, longer = "the bridge " * 255, "the bridge " * 255 + "idiot " * 200
    theirs = detoxify_itself(tiny_checkpoint("original")).predict([plain + "you", longer])
    ours = registry.load(name, fetched(name)).classify([plain, longer])

    assert theirs["toxicity"][0] == pytest.approx(theirs["toxicity"][1], abs=1e-5)
    assert any(abs(ours[0][label] - ours[1][label]) > 1e-3 for label in ours[0])


def test_one_process_computes_on_one_thread(torch: ModuleType, fetched: Fetched) -> None:
    torch.set_num_threads(2)
    registry.load("detoxify:original", fetched("detoxify:original"))

    assert torch.get_num_threads() == 1


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_a_missing_package_is_answered_with_what_to_install(
    fetched: Fetched, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    options = fetched("detoxify:original")
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(NotConfigured, match=rf"{package} is not installed: pip install copydesk\["):
        registry.load("detoxify:original", options)


@pytest.mark.parametrize("name", ["detoxify:original", "detoxify:original@int8"])
@pytest.mark.parametrize("spoilt", ["model", "tokenizer"])
def test_a_damaged_file_is_not_loaded(
    tiny_checkpoint: Checkpoints, tmp_path: Path, name: str, spoilt: str
) -> None:
    options = fetch(name, tmp_path, tiny_checkpoint("original"))
    [file] = next(iter(tmp_path.glob(name.replace(":", "-").replace("@", "-")))).glob(f"{spoilt}.*")
    file.write_bytes(file.read_bytes()[:-1] + b" ")

    with pytest.raises(NotConfigured, match=rf"{file.name} is damaged or another file"):
        registry.load(name, options)


WATCHED = """
import json, sys
from pathlib import Path
from classifiers import registry
from moderation.model.classifier_options import ClassifierOptions

name, models = json.loads(sys.argv[1])
seen = []


def watch(event, arguments):
    if event in {"pickle.find_class", "socket.connect", "socket.getaddrinfo"}:
        seen.append(event)


sys.addaudithook(watch)
loaded = registry.load(name, ClassifierOptions(Path(models)))
[scores] = loaded.classify(["You are an idiot."])
packages = {"torch", "transformers", "detoxify"} & set(sys.modules)
print(json.dumps([seen, sorted(packages), len(scores)]))
"""


@pytest.mark.parametrize(
    ("name", "packages"),
    [("detoxify:original", ["torch", "transformers"]), ("detoxify:original@int8", [])],
)
def test_a_worker_unpickles_nothing_and_asks_no_network(
    fetched: Fetched, monkeypatch: pytest.MonkeyPatch, name: str, packages: list[str]
) -> None:
    # It would make transformers itself keep from asking.
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    arguments = [name, str(fetched(name).models)]
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-W", "ignore", "-c", WATCHED, json.dumps(arguments)],
        capture_output=True,
        check=True,
        timeout=120,
    )

    assert json.loads(done.stdout) == [[], packages, 6]
    assert done.stderr == b""
