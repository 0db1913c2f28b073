"""Fetching a model from an HTTP server: resumed, redirected, broken off, and never half there."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from classifiers import registry
from classifiers.detoxify import downloads, fetching, releases
from classifiers.detoxify.releases import COMPANIONS, RELEASES
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.errors import NotConfigured
from tests.checkpoints import fetch
from tests.file_server import FileServer, file_server

pytestmark = pytest.mark.detoxify

Checkpoints = Callable[[str], Path]
NAME = "detoxify:original"
TEXTS = ["You are an idiot.", "Thank you, the bridge is closed."]


@pytest.fixture
def checkpoint(tiny_checkpoint: Checkpoints) -> Path:
    return tiny_checkpoint("original")


@pytest.fixture
def mirror(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with file_server(checkpoint.parent) as server:
        yield server


@pytest.fixture
def url(mirror: FileServer, checkpoint: Path) -> str:
    return f"{mirror.url}/files/{checkpoint.name}"


def part(models: Path, checkpoint: Path) -> Path:
    return models / f".{checkpoint.name}.part"


def only_the_part_in(models: Path) -> bool:
    return [path.suffix for path in models.iterdir()] == [".part"]


@pytest.mark.parametrize("model_type", RELEASES)
def test_a_model_from_a_server_is_the_one_from_a_folder(
    tiny_checkpoint: Checkpoints,
    fetched: Callable[[str], ClassifierOptions],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    model_type: str,
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    name, checkpoint = f"detoxify:{model_type}", tiny_checkpoint(model_type)
    with file_server(checkpoint.parent) as server:
        options = fetch(name, tmp_path, f"{server.url}/files/{checkpoint.name}")

    # The server is gone: from here on nothing is asked for.
    ours = registry.load(name, options)
    other = registry.load(name, fetched(name))
    assert ours.version == other.version
    assert ours.classify(TEXTS) == other.classify(TEXTS)
    assert [path.name for path in tmp_path.iterdir()] == [f"detoxify-{model_type}"]


def test_what_is_published_is_asked_for_file_by_file(
    mirror: FileServer, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = replace(RELEASES["original"], checkpoint=checkpoint.name)
    monkeypatch.setattr(releases, "HUB", f"{mirror.url}/moved/hub")
    monkeypatch.setattr(releases, "RELEASES_OF_DETOXIFY", f"{mirror.url}/moved/releases")
    with pytest.raises(NotConfigured, match="answers 404"):
        list(fetching.fetch(release, tmp_path, None))

    [(asked, _)] = mirror.asked
    assert asked == (
        "hub/google-bert/bert-base-uncased/resolve/86b5e0934494bd15c9632b12f734a8a67f723594/"
        "config.json"
    )
    assert release.url == f"{mirror.url}/moved/releases/v0.1-alpha/{checkpoint.name}"


def test_redirects_are_followed(mirror: FileServer, checkpoint: Path, tmp_path: Path) -> None:
    fetch(NAME, tmp_path, f"{mirror.url}/moved/{checkpoint.name}")

    assert [name for name, _ in mirror.asked] == [*COMPANIONS, checkpoint.name]


@pytest.mark.parametrize("elsewhere", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x"])
def test_a_redirect_to_anything_but_http_is_refused(
    mirror: FileServer, checkpoint: Path, tmp_path: Path, elsewhere: str
) -> None:
    mirror.leads_to = elsewhere

    with pytest.raises(NotConfigured, match=r"config\.json answers 302"):
        fetch(NAME, tmp_path, f"{mirror.url}/moved/{checkpoint.name}")
    assert list(tmp_path.iterdir()) == []


def test_a_redirect_out_of_tls_is_refused() -> None:
    request = downloads.Request("https://mirror.example/a")

    with pytest.raises(NotConfigured, match="leads to an address without TLS"):
        downloads.SafeRedirects().redirect_request(
            request, None, 302, "Found", request.headers, "http://mirror.example/a"
        )


def test_a_download_that_broke_off_goes_on_where_it_was(
    mirror: FileServer, url: str, checkpoint: Path, tmp_path: Path
) -> None:
    mirror.breaks_after = 20_000
    with pytest.raises(NotConfigured, match=r"broke off after 20,000 of [\d,]+ bytes: call this"):
        fetch(NAME, tmp_path, url)
    assert only_the_part_in(tmp_path)

    mirror.breaks_after = None
    assert registry.load(NAME, fetch(NAME, tmp_path, url)).classify(TEXTS)
    assert mirror.ranges(checkpoint.name) == [None, "bytes=20000-"]
    assert [path.name for path in tmp_path.iterdir()] == ["detoxify-original"]


def test_a_server_without_ranges_is_asked_for_everything_again(
    mirror: FileServer, url: str, checkpoint: Path, tmp_path: Path
) -> None:
    part(tmp_path, checkpoint).write_bytes(checkpoint.read_bytes()[:5_000])
    mirror.knows_ranges = False

    assert registry.load(NAME, fetch(NAME, tmp_path, url)).classify(TEXTS)


def test_a_part_that_is_already_whole_is_not_brought_again(
    mirror: FileServer, url: str, checkpoint: Path, tmp_path: Path
) -> None:
    part(tmp_path, checkpoint).write_bytes(checkpoint.read_bytes())

    assert registry.load(NAME, fetch(NAME, tmp_path, url)).classify(TEXTS)
    assert mirror.ranges(checkpoint.name) == []


def test_a_part_of_another_file_is_found_out_and_thrown_away(
    url: str, checkpoint: Path, tmp_path: Path
) -> None:
    part(tmp_path, checkpoint).write_bytes(b"x" * 5_000)
    with pytest.raises(NotConfigured, match="is damaged or another file: its SHA-256 is"):
        fetch(NAME, tmp_path, url)
    assert list(tmp_path.iterdir()) == []

    assert registry.load(NAME, fetch(NAME, tmp_path, url)).classify(TEXTS)


def test_another_file_under_the_name_is_refused(
    mirror: FileServer, checkpoint: Path, tmp_path: Path
) -> None:
    alias = mirror.folder / "alias-00000000.ckpt"
    alias.write_bytes(checkpoint.read_bytes())
    try:
        with pytest.raises(NotConfigured, match="and should begin with 00000000"):
            fetch(NAME, tmp_path, f"{mirror.url}/files/{alias.name}")
    finally:
        alias.unlink()
    assert list(tmp_path.iterdir()) == []


def test_an_end_that_nobody_announced_is_found_by_the_digest(
    mirror: FileServer, url: str, tmp_path: Path
) -> None:
    mirror.says_length, mirror.breaks_after = False, 20_000

    with pytest.raises(NotConfigured, match="is damaged or another file"):
        fetch(NAME, tmp_path, url)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_named(mirror: FileServer, tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match=r"none/config\.json answers 404 Not Found"):
        fetch(NAME, tmp_path, f"{mirror.url}/files/none")
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match=r"cannot fetch http://127\.0\.0\.1:1/config\.json: "):
        fetch(NAME, tmp_path, "http://127.0.0.1:1")
    assert list(tmp_path.iterdir()) == []


def test_a_silent_server_is_not_waited_for_without_end(
    mirror: FileServer, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "SECONDS", 0.2)
    mirror.hangs, mirror.breaks_after = True, 10

    with pytest.raises(NotConfigured, match=r"cannot fetch .*config\.json: timed out"):
        fetch(NAME, tmp_path, url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("limit", ["CHECKPOINT_LIMIT", "COMPANION_LIMIT"])
def test_a_file_without_end_fills_no_disk(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(fetching, limit, 100)

    with pytest.raises(NotConfigured, match="is larger than 100 bytes: another file"):
        fetch(NAME, tmp_path, url)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let the system refuse larger files, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_and_left_as_it_was(url: str, checkpoint: Path, tmp_path: Path) -> None:
    # The companions fit, the checkpoint does not.
    with (
        files_up_to(checkpoint.stat().st_size - 1_000),
        pytest.raises(NotConfigured, match=r"cannot write .*\.part: File too large"),
    ):
        fetch(NAME, tmp_path, url)
    assert list(tmp_path.iterdir()) == []
