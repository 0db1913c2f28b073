"""A remote classifier over real HTTP: what it asks, what it believes, and who is to blame."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from classifiers import registry
from classifiers.remote import HARMLESS
from classifiers.remote.classifier import RemoteClassifier
from classifiers.remote.contract import MOST_TEXTS
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.errors import ClassifierFailed, ClassifierUnavailable, NotConfigured
from moderation.model.labels import Label
from tests.certificates import make_certificate
from tests.remote_server import Asked, Remote, remote_server
from tests.servers import free_port

SECRET = "a comment that nobody may see"  # noqa: S105 - a comment
HIGH = {Label.TOXICITY: 0.95, Label.INSULT: 0.95}


@pytest.fixture
def remote() -> Iterator[Remote]:
    with remote_server() as made:
        yield made


def loaded(remote: Remote, **given: Any) -> RemoteClassifier:  # noqa: ANN401 - options
    made = registry.load("remote", remote.options(**given))
    assert isinstance(made, RemoteClassifier)
    return made


def impatient(remote: Remote, seconds: float = 0.3) -> RemoteClassifier:
    """Return one that has asked what the server is in peace, and waits no longer than this now."""
    made = loaded(remote)
    assert made.version
    made.server = replace(made.server, seconds=seconds)
    return made


def later(classifier: RemoteClassifier, seconds: float) -> None:
    """Let time pass for its circuit."""
    before = classifier.circuit.clock
    classifier.circuit.clock = lambda: before() + seconds


def test_it_is_what_the_server_says_and_asks_it_once(remote: Remote) -> None:
    classifier = loaded(remote)
    assert remote.asked == [], "loading asks nothing"
    assert classifier.version == "remote@words-1"
    assert classifier.labels == {Label.TOXICITY, Label.INSULT}
    assert classifier.languages == {"en"}
    assert classifier.classify(["You are an idiot."]) == [HIGH]
    assert [one.texts for one in remote.asked] == [None, ["You are an idiot."]]


def test_many_texts_go_in_requests_of_bounded_size(remote: Remote) -> None:
    texts = [f"text {number}" for number in range(2 * MOST_TEXTS + 1)]
    beats: list[None] = []
    scores = loaded(remote).classify(texts, between=lambda: beats.append(None))
    assert [len(one) for one in remote.scored] == [MOST_TEXTS, MOST_TEXTS, 1]
    assert (len(scores), len(beats)) == (len(texts), 3)


def test_the_token_is_sent_and_shown_nowhere(remote: Remote) -> None:
    classifier = loaded(remote, remote_token="t0ken")  # noqa: S106
    classifier.classify(["a"])
    assert {one.headers["authorization"] for one in remote.asked} == {"Bearer t0ken"}
    assert "t0ken" not in repr(classifier)
    assert "t0ken" not in repr(remote.options(remote_token="t0ken"))  # noqa: S106


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "localhost:9000",
        "ftp://a.example/",
        "http://u:p@a.example/",
        "http://a.example:x/",
    ],
)
def test_what_is_no_address_is_told(url: str | None) -> None:
    with pytest.raises(NotConfigured, match="COPYDESK_REMOTE_URL"):
        registry.load("remote", ClassifierOptions(remote_url=url))


def test_a_token_that_no_header_can_carry_is_told() -> None:
    options = ClassifierOptions(remote_url="http://a.example/", remote_token="a\r\nb")  # noqa: S106
    with pytest.raises(NotConfigured, match="COPYDESK_REMOTE_TOKEN"):
        registry.load("remote", options)


def spoiled(asked: Asked) -> bool:
    return asked.texts is not None and SECRET in asked.texts


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": lambda asked: 500 if spoiled(asked) else 200},
        {"status": lambda asked: 302 if spoiled(asked) else 200},
        {"score": lambda text: {"toxicity": 0.5} if text == SECRET else HIGH},
        {"score": lambda text: dict.fromkeys(HIGH, float("nan")) if text == SECRET else HIGH},
        {"hangs": spoiled},
    ],
    ids=["500", "redirect", "missing label", "NaN", "hangs"],
)
def test_a_text_that_breaks_the_server_is_to_blame_where_a_harmless_one_is_scored(
    wrong: dict[str, Any],
) -> None:
    with remote_server(**wrong) as remote:
        # Who hangs at one text is asked for another at once, and a busy machine takes its time.
        classifier = impatient(remote, seconds=4.0 if "hangs" in wrong else 60.0)
        with pytest.raises(ClassifierFailed) as failed:
            classifier.classify([SECRET])
        assert SECRET not in str(failed.value)
        assert remote.scored == [[SECRET], [HARMLESS]]
        assert classifier.classify(["You are an idiot."]) == [HIGH]


def test_a_server_that_scores_not_even_a_harmless_text_is_away(remote: Remote) -> None:
    remote.status = lambda asked: 500 if asked.texts else 200
    classifier = loaded(remote)
    with pytest.raises(ClassifierFailed):
        classifier.classify(["a"])
    for _ in range(5):
        with pytest.raises(ClassifierUnavailable, match="is away: it answers 500"):
            classifier.classify(["b"])
    assert remote.scored == [["a"], [HARMLESS]], "while the circuit is open, nothing is sent"


def test_after_a_pause_one_probe_is_let_through_and_closes_the_circuit(remote: Remote) -> None:
    remote.status = lambda _: 500
    classifier = loaded(remote)
    for _ in range(2):
        with pytest.raises(ClassifierUnavailable):
            classifier.classify(["a"])
    later(classifier, 1.0)
    with pytest.raises(ClassifierUnavailable):
        classifier.classify(["a"])
    asked = len(remote.asked)
    with pytest.raises(ClassifierUnavailable):
        classifier.classify(["a"])
    assert len(remote.asked) == asked, "the pause begins anew, twice as long"
    remote.status = lambda _: 200
    later(classifier, 2.0)
    assert classifier.classify([]) == []
    assert remote.scored == [[HARMLESS]]
    assert classifier.classify(["You are an idiot."]) == [HIGH]


def test_a_server_that_comes_back_as_another_is_taken_for_what_it_is_at_the_first_probe(
    remote: Remote,
) -> None:
    classifier = loaded(remote)
    assert classifier.version == "remote@words-1"
    remote.status = lambda _: 503
    for _ in range(2):
        with pytest.raises(ClassifierUnavailable):
            classifier.classify(["a"])
    remote.status, remote.version = (lambda _: 200), "words-2"
    later(classifier, 1.0)
    assert classifier.classify([]) == []
    assert classifier.version == "remote@words-2"


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_is_busy_blames_no_text(remote: Remote, status: int) -> None:
    remote.status = lambda asked: status if asked.texts else 200
    with pytest.raises(ClassifierUnavailable, match=f"is away: it answers {status}"):
        loaded(remote).classify(["a"])
    assert remote.scored == [["a"]]


def test_no_connection_blames_no_text() -> None:
    options = ClassifierOptions(remote_url=f"http://127.0.0.1:{free_port()}/")
    classifier = registry.load("remote", options)
    for asked in (lambda: classifier.version, lambda: classifier.classify(["a"])):
        with pytest.raises(ClassifierUnavailable, match="no connection could be made"):
            asked()


def test_a_server_to_which_no_connection_can_be_made_in_time_blames_no_text() -> None:
    # Nobody takes the connections that wait: once there are enough, the next one hangs.
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = listener.getsockname()
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(address)
        url = f"http://127.0.0.1:{address[1]}/"
        options = ClassifierOptions(remote_url=url, remote_seconds=0.3)
        with pytest.raises(ClassifierUnavailable, match="no connection could be made"):
            _ = registry.load("remote", options).version


def test_a_server_that_hangs_is_given_up_and_its_probe_too(remote: Remote) -> None:
    classifier = impatient(remote)
    remote.hangs = lambda _: True
    with pytest.raises(ClassifierFailed, match="no whole answer came in time"):
        classifier.classify(["a"])
    assert classifier.circuit.is_open


def test_a_server_that_drips_meets_the_deadline_of_the_whole_request(remote: Remote) -> None:
    classifier = impatient(remote)
    # Its drops come every 20 ms, each in time, and after ten seconds it would have answered.
    remote.drips = True
    with pytest.raises(ClassifierFailed, match="no whole answer"):
        classifier.classify(["a"])


def test_what_was_given_up_ends_soon(remote: Remote) -> None:
    classifier = impatient(remote)
    remote.drips = True
    before = set(threading.enumerate())
    with pytest.raises(ClassifierFailed):
        classifier.classify(["a"])
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()


def test_an_answer_without_an_end_is_refused(remote: Remote) -> None:
    remote.body = lambda _: b" " * (1 << 20)
    with pytest.raises(ClassifierFailed, match="larger than 262,144 bytes"):
        loaded(remote).classify(["a"])


def test_what_is_no_http_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail.example ESMTP\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(ClassifierUnavailable, match="what came was no HTTP"):
            _ = registry.load("remote", ClassifierOptions(remote_url=url)).version
        thread.join(10)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"), "localhost")


def test_a_certificate_nobody_vouches_for_gets_no_text(certificate: Path) -> None:
    with (
        remote_server(certificate=certificate, score=lambda _: HIGH) as remote,
        pytest.raises(ClassifierUnavailable, match="its certificate was not accepted"),
    ):
        loaded(remote).classify([SECRET])
    assert remote.asked == []


def test_an_authority_of_ones_own_may_be_named(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with remote_server(certificate=certificate) as remote:
        assert loaded(remote).classify(["You are an idiot."]) == [HIGH]


def test_a_proxy_of_the_environment_is_not_used(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    assert loaded(remote).version == "remote@words-1"


def test_scores_of_another_version_are_never_used_and_the_new_one_is_picked_up(
    remote: Remote,
) -> None:
    classifier = loaded(remote)
    assert classifier.version == "remote@words-1"
    remote.version, remote.labels = "words-2", ["toxicity"]
    remote.score = lambda _: {"toxicity": 0.5}
    with pytest.raises(ClassifierUnavailable, match="has become another version"):
        classifier.classify(["a"])
    assert classifier.version == "remote@words-2"
    assert classifier.classify(["a"]) == [{Label.TOXICITY: 0.5}]


def test_it_says_for_how_long_the_server_is_away_whatever_it_describes(remote: Remote) -> None:
    remote.status = lambda asked: 500 if asked.texts else 200
    classifier = loaded(remote)
    with pytest.raises(ClassifierFailed):
        classifier.classify(["a"])
    later(classifier, 600.0)
    with pytest.raises(ClassifierUnavailable) as away:
        classifier.classify([])
    assert away.value.seconds >= 600


def test_what_it_lacks_is_told_before_it_is_used(remote: Remote) -> None:
    remote.status = lambda _: 401
    with pytest.raises(NotConfigured, match="is away: it answers 401"):
        registry.entry("remote", remote.options()).check()
    remote.status = lambda _: 200
    registry.entry("remote", remote.options()).check()
