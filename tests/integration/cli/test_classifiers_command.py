"""`copydesk classifiers fetch`, as an operator types it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from classifiers import registry
from moderation.model.classifier_options import ClassifierOptions
from tests.checkpoints import imported
from tests.commands import Copydesk, Ended, ended
from tests.file_server import file_server

Checkpoints = Callable[[str], Path]


@pytest.fixture
def bare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Copydesk:
    """Return what runs a command where there is no installation: no secret, no database."""
    monkeypatch.chdir(tmp_path)
    for name in ("COPYDESK_SECRET_KEY", "COPYDESK_VAR", "COPYDESK_MODELS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    def run(*words: str) -> Ended:
        return ended(words, capsys)

    return run


@pytest.mark.detoxify
@pytest.mark.parametrize("name", ["detoxify:original", "detoxify:original@int8"])
def test_a_model_is_fetched_into_the_folder_of_the_installation(
    bare: Copydesk, tiny_checkpoint: Checkpoints, tmp_path: Path, name: str
) -> None:
    imported("onnx")
    checkpoint = tiny_checkpoint("original")
    with file_server(checkpoint.parent) as server:
        done = bare("classifiers", "fetch", name, "--from", f"{server.url}/files/{checkpoint.name}")

    options = ClassifierOptions(tmp_path / "var" / "models")
    version = registry.version(name, options)
    assert done.status == 0
    assert f"{version} is ready; COPYDESK_CLASSIFIER={name} lets it judge." in done.out
    assert checkpoint.name in done.out
    assert done.err == ""
    assert registry.load(name, options).classify(["You are an idiot."])


@pytest.mark.detoxify
def test_another_folder_of_models_may_be_named(
    bare: Copydesk,
    tiny_checkpoint: Checkpoints,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    origin = str(tiny_checkpoint("original"))
    monkeypatch.setenv("COPYDESK_MODELS", "set")
    bare("classifiers", "fetch", "detoxify:original", "--from", origin)
    bare("classifiers", "fetch", "detoxify:original", "--from", origin, "--models", "told")

    for folder in ("set", "told"):
        assert registry.version("detoxify:original", ClassifierOptions(tmp_path / folder))


@pytest.mark.detoxify
def test_what_goes_wrong_is_one_line(bare: Copydesk, tmp_path: Path) -> None:
    imported("detoxify")
    done = bare("classifiers", "fetch", "detoxify:original", "--from", "http://127.0.0.1:1")

    assert done.status == 1
    assert done.err.startswith("copydesk: cannot fetch http://127.0.0.1:1/config.json: ")
    assert done.err.count("\n") == 1
    assert list((tmp_path / "var" / "models").iterdir()) == []


def test_what_ships_inside_is_ready(bare: Copydesk, tmp_path: Path) -> None:
    done = bare("classifiers", "fetch", "compact")

    assert done.status == 0
    assert f"{registry.version('compact')} is ready" in done.out
    assert not (tmp_path / "var").exists()


def test_an_unknown_classifier_is_answered_with_the_known_ones(bare: Copydesk) -> None:
    done = bare("classifiers", "fetch", "vader")

    assert done.status == 1
    assert "there is no classifier 'vader'; there are compact, detoxify:original" in done.err


def test_a_site_gets_thresholds_for_a_model_that_was_fetched_only(
    copydesk: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_CLASSIFIER", "detoxify:original")
    done = copydesk("site", "add", "agora")

    assert done.status == 1
    assert "copydesk classifiers fetch detoxify:original" in done.err
