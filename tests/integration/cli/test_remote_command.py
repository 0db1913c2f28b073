"""Commands with a remote classifier."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Copydesk
from tests.remote_server import Remote, remote_server
from tests.servers import free_port


@pytest.fixture
def remote() -> Iterator[Remote]:
    with remote_server() as made:
        yield made


@pytest.fixture
def configured(
    without_installation: Copydesk, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> Copydesk:
    monkeypatch.setenv("COPYDESK_CLASSIFIER", "remote")
    monkeypatch.setenv("COPYDESK_REMOTE_URL", remote.url)
    return without_installation


def test_texts_are_scored_by_the_server(configured: Copydesk, remote: Remote) -> None:
    done = configured("classify", "You are an idiot.", "Good morning.", "--format", "jsonl")
    assert (done.status, done.err) == (0, "")
    hostile, civil = [json.loads(line) for line in done.out.splitlines()]
    assert hostile["scores"] == {"toxicity": 0.95, "insult": 0.95}
    assert civil["scores"] == {"toxicity": 0.05, "insult": 0.05}
    assert remote.scored == [["You are an idiot."], ["Good morning."]]


def test_a_file_is_evaluated_with_the_server(
    configured: Copydesk, remote: Remote, tmp_path: Path
) -> None:
    lines = ["text,insult", *(f"You are an idiot {n},1\nGood morning {n},0" for n in range(10))]
    file = tmp_path / "labelled.csv"
    file.write_text("\n".join(lines) + "\n")
    done = configured("evaluate", str(file))
    assert (done.status, done.err) == (0, "")
    assert "remote@words-1" in done.out
    assert len(remote.scored) == 20


def test_a_text_that_the_server_does_not_score_is_skipped_and_the_reason_said(
    configured: Copydesk, remote: Remote
) -> None:
    remote.status = lambda asked: 500 if asked.texts == ["poison"] else 200
    done = configured("classify", "poison", "Good morning.", "--format", "jsonl")
    assert done.status == 1
    assert "text 1 made the classifier fail (it answers 500)" in done.err
    assert "poison" not in done.err
    assert len(done.out.splitlines()) == 1


def test_a_server_that_is_away_ends_the_command(configured: Copydesk, remote: Remote) -> None:
    remote.status = lambda asked: 503 if asked.texts else 200
    done = configured("classify", "one", "two", "three")
    assert done.status == 1
    assert done.err == "copydesk: the remote classifier is away: it answers 503\n"
    assert remote.scored == [["one"]]


def test_the_list_says_what_it_is_or_what_it_lacks(
    configured: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = block(configured("classifiers", "list").out)
    assert found.startswith("remote  (ready, configured)")
    assert "version    remote@words-1" in found
    assert "labels     toxicity, insult" in found
    assert "languages  en" in found
    monkeypatch.setenv("COPYDESK_REMOTE_URL", f"http://127.0.0.1:{free_port()}/")
    assert "needs      the remote classifier is away: no connection" in block(
        configured("classifiers", "list").out
    )
    monkeypatch.delenv("COPYDESK_REMOTE_URL")
    assert "needs      COPYDESK_REMOTE_URL is not set" in block(
        configured("classifiers", "list").out
    )


def block(printed: str) -> str:
    """Return what is said of the remote classifier, which stands last."""
    return printed[printed.index("\nremote ") + 1 :]


def test_the_token_may_stand_in_a_file(
    configured: Copydesk, remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    file.write_text("t0ken\n")
    monkeypatch.setenv("COPYDESK_REMOTE_TOKEN_FILE", str(file))
    assert configured("classify", "Good morning.").status == 0
    assert {one.headers["authorization"] for one in remote.asked} == {"Bearer t0ken"}


@pytest.mark.parametrize("seconds", ["0", "61", "soon"])
def test_a_deadline_out_of_bounds_is_refused(
    configured: Copydesk, seconds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_REMOTE_SECONDS", seconds)
    done = configured("classify", "Good morning.")
    assert done.status == 1
    assert "COPYDESK_REMOTE_SECONDS" in done.err
