"""`copydesk classifiers list`: what there is, and what it still needs."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from classifiers import detoxify, registry
from classifiers.compact import manifest
from tests.commands import Copydesk

Checkpoints = Callable[[str], Path]


def blocks(printed: str) -> dict[str, str]:
    """Return what is said of each classifier."""
    parts = re.split(r"^(?=\S)", printed, flags=re.MULTILINE)
    return {part.split()[0]: part for part in parts if part}


def test_every_classifier_is_listed_with_its_labels_and_languages(
    without_installation: Copydesk,
) -> None:
    result = without_installation("classifiers", "list")
    assert result.status == 0
    found = blocks(result.out)
    assert tuple(found) == registry.names()
    assert "compact  (ready, configured)" in found["compact"]
    assert "version    compact@" in found["compact"]
    assert "sexual_explicit" not in found["compact"]
    assert "sexual_explicit" in found["detoxify:unbiased"]
    assert "en, es, fr, it, pt, ru, tr" in found["detoxify:multilingual"]
    assert "version" not in found["detoxify:original"]


@pytest.mark.detoxify
def test_what_a_classifier_needs_is_said(
    without_installation: Copydesk, monkeypatch: pytest.MonkeyPatch, tiny_checkpoint: Checkpoints
) -> None:
    monkeypatch.setattr(detoxify, "find_spec", lambda name: None if name == "torch" else name)
    missing = blocks(without_installation("classifiers", "list").out)["detoxify:original"]
    assert "not ready" in missing
    assert "torch is not installed: pip install copydesk[detoxify]" in missing
    monkeypatch.setattr(detoxify, "find_spec", lambda name: name)
    absent = blocks(without_installation("classifiers", "list").out)["detoxify:original"]
    assert "copydesk classifiers fetch detoxify:original" in absent
    origin = str(tiny_checkpoint("original"))
    assert without_installation("classifiers", "fetch", "detoxify:original", "--from", origin)
    monkeypatch.setenv("COPYDESK_CLASSIFIER", "detoxify:original")
    found = blocks(without_installation("classifiers", "list").out)
    assert "detoxify:original  (ready, configured)" in found["detoxify:original"]
    assert "(ready)" in found["compact"]
    assert "not ready" in found["detoxify:unbiased"]


@pytest.mark.detoxify
def test_what_an_ensemble_needs_is_said(
    without_installation: Copydesk, monkeypatch: pytest.MonkeyPatch, tiny_checkpoint: Checkpoints
) -> None:
    absent = blocks(without_installation("classifiers", "list").out)["ensemble"]
    assert "(not ready)" in absent
    assert "COPYDESK_ENSEMBLE does not name two classifiers" in absent
    monkeypatch.setenv("COPYDESK_CLASSIFIER", "ensemble")
    monkeypatch.setenv("COPYDESK_ENSEMBLE", "compact, detoxify:original")
    unfetched = blocks(without_installation("classifiers", "list").out)["ensemble"]
    assert "(not ready, configured)" in unfetched
    assert "copydesk classifiers fetch detoxify:original" in unfetched
    origin = str(tiny_checkpoint("original"))
    assert not without_installation(
        "classifiers", "fetch", "detoxify:original", "--from", origin
    ).err
    found = blocks(without_installation("classifiers", "list").out)["ensemble"]
    assert "ensemble  (ready, configured)" in found
    assert "version    ensemble@" in found
    assert without_installation("classifiers", "fetch", "ensemble").status == 0
    assert without_installation("classify", "You are an idiot.").status == 0


def test_damaged_weights_are_not_ready(
    without_installation: Copydesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("manifest.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((manifest.HERE / name).read_bytes())
    (tmp_path / "model.int8.onnx").write_bytes(b"torn")
    monkeypatch.setattr(
        "classifiers.compact.read_manifest", lambda: manifest.read_manifest(tmp_path)
    )
    found = blocks(without_installation("classifiers", "list").out)["compact"]
    assert "not ready" in found
    assert "has 4 bytes, expected are" in found


def test_a_setting_that_names_no_classifier_is_noticed(
    without_installation: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_CLASSIFIER", "vader")
    result = without_installation("classifiers", "list")
    assert result.status == 1
    assert "COPYDESK_CLASSIFIER names vader" in result.err
    assert tuple(blocks(result.out)) == registry.names()
