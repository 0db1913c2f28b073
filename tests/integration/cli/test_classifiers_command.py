"""`copydesk classifiers list`: what there is, and what it still needs."""

import hashlib
import re
from pathlib import Path

import pytest

from classifiers import detoxify, registry
from classifiers.compact import manifest
from tests.commands import Copydesk


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
    assert "en, fr, es, it, pt, tr, ru" in found["detoxify:multilingual"]
    assert "version" not in found["detoxify:original"]


def test_what_a_classifier_needs_is_said(
    without_installation: Copydesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(detoxify, "find_spec", lambda name: None if name == "torch" else name)
    missing = blocks(without_installation("classifiers", "list").out)["detoxify:original"]
    assert "not ready" in missing
    assert "torch is not installed: pip install copydesk[detoxify]" in missing
    monkeypatch.setattr(detoxify, "find_spec", lambda name: name)
    unset = blocks(without_installation("classifiers", "list").out)["detoxify:original"]
    assert "set COPYDESK_CLASSIFIER_CHECKPOINT" in unset
    checkpoint = tmp_path / "tiny.ckpt"
    monkeypatch.setenv("COPYDESK_CLASSIFIER", "detoxify:original")
    monkeypatch.setenv("COPYDESK_CLASSIFIER_CHECKPOINT", str(checkpoint))
    monkeypatch.setenv("COPYDESK_CLASSIFIER_SHA256", hashlib.sha256(b"weights").hexdigest())
    gone = blocks(without_installation("classifiers", "list").out)
    assert f"there is no file {checkpoint}" in gone["detoxify:original"]
    checkpoint.write_bytes(b"weights")
    found = blocks(without_installation("classifiers", "list").out)
    assert "detoxify:original  (ready, configured)" in found["detoxify:original"]
    assert "(ready)" in found["compact"]
    # The checkpoint is the configured one's.
    assert "not ready" in found["detoxify:unbiased"]


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
