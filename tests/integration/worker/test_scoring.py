"""The scoring process: the scores of the intake path, in time or not at all."""

import io
import json
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pydantic import SecretStr

from classifiers import registry
from classifiers.interface import Classifier, nothing
from moderation import scoring as asking
from moderation.model.comments import Format
from moderation.model.errors import ScoringUnavailable
from moderation.model.ids import SiteId
from moderation.model.labels import Label, Scores
from moderation.model.scoring import Question
from moderation.progress import Mark
from moderation.runtime import Runtime
from moderation.services.reading import CommentView, get_comment
from moderation.services.sites import add_site
from moderation.services.worker_health import find
from moderation.settings import Settings
from moderation.storage.jobs import jobs
from tests.factories import CIVIL, INSULT, submit
from tests.installation import wait_until
from tests.scoring import passage, scoring, settings_for_scoring
from worker.admission import Admission
from worker.drain import Drain
from worker.reading import Reader
from worker.scoring import HUNG_SECONDS, Application

TEXTS = [
    (INSULT, Format.PLAIN),
    ("y0u 1d10t, sh*t for br@ins", Format.PLAIN),
    ("stu<b></b>pid <i>idiot</i> &amp; moron", Format.HTML),
    ("<img src=x>", Format.HTML),
    ("Te voy a matar, hijo de puta, ya sé dónde vives.", Format.PLAIN),
    ("Ты полный идиот, и все тебя здесь ненавидят.", Format.PLAIN),
    ("lol", Format.PLAIN),
    ("I disagree, and here is why. " * 120, Format.PLAIN),
]


@pytest.fixture(scope="module")
def settings_of_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Yield the settings of a scoring process that runs."""
    settings = settings_for_scoring(tmp_path_factory.mktemp("scoring"))
    with scoring(settings):
        yield settings


@pytest.fixture(scope="module")
def compact() -> Classifier:
    return registry.load("compact")


def posted(runtime: Runtime, site_id: SiteId, compact: Classifier) -> list[CommentView]:
    """Let the texts go the way of every comment."""
    ids = [
        submit(runtime, site_id, str(number), text=text, format=written).comment_id
        for number, (text, written) in enumerate(TEXTS)
    ]
    with runtime.reading() as connection:
        queued = [row.id for row in connection.execute(jobs.select())]
    drain = Drain(runtime, Reader(compact), timedelta(seconds=60), 20_000, lingers=False)
    while any(get_comment(runtime, site_id, one).decision is None for one in ids):
        runtime.broker.announce("live", queued)  # type: ignore[arg-type]
        drain.classify()
    return [get_comment(runtime, site_id, one) for one in ids]


def test_scores_and_languages_are_those_of_the_intake_path(
    runtime: Runtime, settings_of_process: Settings, compact: Classifier
) -> None:
    site_id = add_site(runtime, "agora", compact.version).id
    passages = [passage(text, written=written) for text, written in TEXTS]
    judged = asking.judge(settings_of_process, passages)
    for view, one in zip(posted(runtime, site_id, compact), judged, strict=True):
        assert view.decision is not None
        assert view.scores == one.facts.scores
        assert view.language == one.facts.language
        assert view.decision.classifier == one.facts.classifier
    assert [one.facts.supported for one in judged] == [True] * 4 + [False] * 2 + [True] * 2
    assert judged[3].facts.failure is not None


def test_parts_are_scored_as_if_they_stood_alone(settings_of_process: Settings) -> None:
    parts = ("Good morning.", "You are an <b>idiot</b>.")
    [whole] = asking.judge(
        settings_of_process, [passage(" ".join(parts), *parts, written=Format.HTML)]
    )
    alone = asking.judge(
        settings_of_process, [passage(part, written=Format.HTML) for part in parts]
    )
    assert list(whole.parts) == [one.facts.scores for one in alone]


def test_what_is_asked_at_the_same_time_changes_no_score(settings_of_process: Settings) -> None:
    asked = [passage(text, written=written) for text, written in TEXTS] * 4
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda one: asking.judge(settings_of_process, [one])[0], asked))
    assert together == asking.judge(settings_of_process, asked)


def test_it_says_who_judges(settings_of_process: Settings, compact: Classifier) -> None:
    judge = asking.who_judges(settings_of_process)
    assert (judge.version, judge.labels, judge.languages) == (
        compact.version,
        compact.labels,
        compact.languages,
    )


def test_who_does_not_know_the_secret_key_learns_nothing(settings_of_process: Settings) -> None:
    stranger = Settings(
        secret_key=SecretStr("another secret of thirty-two characters"),
        scoring_url=settings_of_process.scoring_url,
    )
    with pytest.raises(ScoringUnavailable, match="401"):
        asking.who_judges(stranger)
    with pytest.raises(ScoringUnavailable, match="401"):
        asking.judge(stranger, [passage("You are an idiot.")])


def test_a_text_that_takes_too_long_is_given_up(settings_of_process: Settings) -> None:
    hurried = settings_of_process.model_copy(update={"scoring_seconds": 0.05})
    with pytest.raises(ScoringUnavailable):
        asking.judge(hurried, [passage("愚" * 20_000)])
    assert asking.judge(settings_of_process, [passage("Good morning.")])


def test_a_process_that_stands_still_is_found_stuck(runtime: Runtime, tmp_path: Path) -> None:
    settings = settings_for_scoring(tmp_path)
    asked = replace(runtime, settings=settings)
    assert find(asked, "scoring").stuck
    with scoring(settings) as process:
        assert not find(asked, "scoring").stuck
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: find(asked, "scoring").stuck)


@dataclass
class Waiting:
    """Computes until it is told to go on, or raises at the word poison."""

    begun: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)
    version: str = "waiting@1"
    labels: frozenset[Label] = frozenset(CIVIL)
    languages: frozenset[str] = frozenset({"en"})

    def can_read(self, text: str) -> bool:
        return bool(text)

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        if "poison" in texts:
            raise RuntimeError("poison")
        self.begun.set()
        self.go_on.wait(60)
        between()
        return [CIVIL for _ in texts]


def post(application: Application, seconds: float, text: str = "Good morning.") -> str:
    """Call the application as gunicorn does; return the status line."""
    body = asking.QUESTION.dump_json(Question((passage(text),), seconds))
    return call(application, "POST", body)


def call(application: Application, method: str, body: bytes = b"", **more: str) -> str:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": "Bearer key",
        "wsgi.input": io.BytesIO(body),
    }
    said: list[str] = []
    application(environ | more, lambda status, _headers: said.append(status))
    return said[0]


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
def application(waiting: Waiting, tmp_path: Path) -> Application:
    mark = Mark(tmp_path, "scoring")
    return Application(Reader(waiting), Admission(1, 1), "Bearer key", mark)


def test_more_than_can_wait_is_refused_and_nothing_piles_up(
    application: Application, waiting: Waiting
) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(post, application, 60.0) for _ in range(8)]
        wait_until(lambda: sum(one.done() for one in asked) == 6)
        assert {one.result() for one in asked if one.done()} == {"503 Service Unavailable"}
        waiting.go_on.set()
    assert [one.result() for one in asked].count("200 OK") == 2


def test_who_waited_too_long_is_refused_before_it_computes(
    application: Application, waiting: Waiting
) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, application, 60.0)
        waiting.begun.wait(60)
        assert post(application, 0.001) == "503 Service Unavailable"
        waiting.go_on.set()
        assert first.result() == "200 OK"


def test_a_computation_past_its_deadline_is_broken_off(
    application: Application, waiting: Waiting
) -> None:
    waiting.go_on.set()
    assert post(application, 0.0) == "503 Service Unavailable"


def test_a_turn_that_hangs_is_owned_up_to(
    application: Application, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call(application, "GET") == "200 OK"
    with ThreadPoolExecutor(1) as pool:
        pool.submit(post, application, 60.0)
        waiting.begun.wait(60)
        later = time.monotonic() + HUNG_SECONDS
        monkeypatch.setattr(time, "monotonic", lambda: later)
        assert call(application, "GET") == "503 Service Unavailable"
        waiting.go_on.set()


def test_a_text_that_breaks_the_classifier_is_not_quoted(
    application: Application, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    assert post(application, 5.0, "poison") == "500 Internal Server Error"
    assert "poison" not in caplog.text + "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[" * 100_000, b"\xff", json.dumps({"passages": [1]}).encode()]
)
def test_what_is_no_question_is_refused(application: Application, body: bytes) -> None:
    assert call(application, "POST", body) == "400 Bad Request"


def test_what_is_too_large_is_not_read(application: Application) -> None:
    answer = call(application, "POST", b"", CONTENT_LENGTH=str(10**9))
    assert answer == "413 Request Entity Too Large"
