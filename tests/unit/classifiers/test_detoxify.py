"""The adapter answers as Detoxify does, without its traps. Random weights of four families."""

import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from classifiers import registry
from classifiers.interface import ClassifierOptions
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label

pytestmark = pytest.mark.detoxify

MODEL_TYPES = ["original", "original-small", "unbiased", "unbiased-small", "multilingual"]
TEXTS = ["You are an idiot.", "Thank you, the bridge is closed.", "the bridge " * 40, "?", "你好"]
Make = Callable[..., ClassifierOptions]


@pytest.fixture
def original(make_checkpoint: Make) -> ClassifierOptions:
    return make_checkpoint("original")


@pytest.fixture(params=MODEL_TYPES)
def model_type(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def detoxify_itself(options: ClassifierOptions) -> Any:  # noqa: ANN401 - an untyped package
    return importlib.import_module("detoxify").Detoxify(checkpoint=str(options.checkpoint))


def test_the_scores_are_those_of_detoxify(make_checkpoint: Make, model_type: str) -> None:
    options = make_checkpoint(model_type)
    itself = detoxify_itself(options)
    ours = registry.load(f"detoxify:{model_type}", options).classify(TEXTS)

    for text, scores in zip(TEXTS, ours, strict=True):
        theirs = itself.predict(text)
        assert scores == pytest.approx({label: theirs[label] for label in scores}, rel=0, abs=1e-5)
    assert len({frozenset(scores.items()) for scores in ours}) == len(TEXTS)


def test_the_labels_are_those_of_toxicity_and_no_groups(
    make_checkpoint: Make, model_type: str
) -> None:
    labels = registry.load(f"detoxify:{model_type}", make_checkpoint(model_type)).labels
    explicit = {Label.SEXUAL_EXPLICIT} if model_type[0] != "o" else set()

    assert labels == set(Label) - {Label.SEXUAL_EXPLICIT} | explicit


def test_what_detoxify_drops_after_512_tokens_is_scored(original: ClassifierOptions) -> None:
    plain, longer = "the bridge " * 255, "the bridge " * 255 + "idiot " * 200
    theirs = detoxify_itself(original).predict([plain + "you", longer])
    ours = registry.load("detoxify:original", original).classify([plain, longer])

    assert theirs["toxicity"][0] == pytest.approx(theirs["toxicity"][1], abs=1e-5)
    assert any(abs(ours[0][label] - ours[1][label]) > 1e-3 for label in ours[0])


def test_the_name_of_a_hub_model_in_the_checkpoint_is_not_looked_up(make_checkpoint: Make) -> None:
    options = make_checkpoint("original", hub_name="bert-base-uncased")

    assert registry.load("detoxify:original", options).classify(["you"])


def test_outputs_without_a_name_are_left_out(make_checkpoint: Make) -> None:
    options = make_checkpoint("original", names=["toxic", "insult", "male"])

    assert registry.load("detoxify:original", options).labels == {Label.TOXICITY, Label.INSULT}


def test_one_process_computes_on_one_thread(torch: ModuleType, original: ClassifierOptions) -> None:
    torch.set_num_threads(2)
    registry.load("detoxify:original", original)

    assert torch.get_num_threads() == 1


def test_an_unpinned_checkpoint_is_refused(original: ClassifierOptions) -> None:
    with pytest.raises(NotConfigured, match="COPYDESK_CLASSIFIER_SHA256"):
        registry.load("detoxify:original", replace(original, checkpoint_sha256=None))


def test_another_checkpoint_than_the_pinned_one_is_refused(original: ClassifierOptions) -> None:
    with pytest.raises(NotConfigured, match="damaged or another file"):
        registry.load("detoxify:original", replace(original, checkpoint_sha256="0" * 64))


def test_a_digest_in_capitals_is_the_same_digest(original: ClassifierOptions) -> None:
    shouted = replace(original, checkpoint_sha256=str(original.checkpoint_sha256).upper())

    assert registry.load("detoxify:original", shouted).version == registry.version(
        "detoxify:original", original
    )


class RunsCode:
    """What an attacker puts into a pickle."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return os.mkdir, (self.folder,)


def test_a_checkpoint_that_runs_code_is_refused_before_it_does(
    make_checkpoint: Make, tmp_path: Path
) -> None:
    options = make_checkpoint("original", content=RunsCode(tmp_path / "pwned"))

    with pytest.raises(NotConfigured, match="no file of weights alone"):
        registry.load("detoxify:original", options)
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    ("spoiled", "complaint"),
    [
        ({"content": {"weights": 1}}, "no checkpoint of Detoxify"),
        ({"content": [1, 2]}, "no checkpoint of Detoxify"),
        ({"names": ["toxic", "sarcasm"]}, "scores 'sarcasm', which is no label of ours"),
        ({"model_name": "AlbertForSequenceClassification"}, "not the BertForSequence"),
        ({"model_name": "GPT2Model"}, "not the BertForSequence"),
        ({"weights": lambda all_of: dict([*all_of.items()][:-1])}, "lacks 1 weights"),
        ({"weights": lambda _: {}}, r"lacks \d+ weights"),
    ],
)
def test_a_checkpoint_that_would_answer_wrongly_is_refused(
    make_checkpoint: Make, spoiled: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(NotConfigured, match=complaint):
        registry.load("detoxify:original", make_checkpoint("original", **spoiled))


def test_the_configuration_must_lie_beside_the_checkpoint(make_checkpoint: Make) -> None:
    options = make_checkpoint("original")
    (Path(str(options.checkpoint)).parent / "config.json").unlink()

    with pytest.raises(NotConfigured, match=r"has no config\.json"):
        registry.load("detoxify:original", options)


def test_a_missing_tokenizer_is_told(make_checkpoint: Make) -> None:
    options = make_checkpoint("original")
    for file in Path(str(options.checkpoint)).parent.glob("tokenizer*"):
        file.unlink()

    with pytest.raises(NotConfigured, match=r"the tokenizer in .* is missing or another"):
        registry.load("detoxify:original", options)


def test_a_missing_package_is_answered_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)

    with pytest.raises(NotConfigured, match=r"torch is not installed: pip install copydesk\[det"):
        registry.load("detoxify:original", ClassifierOptions(tmp_path / "any.ckpt", "0" * 64))
