"""A remote classifier that goes away, comes back or becomes another, and the comments meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from classifiers import registry
from classifiers.remote.classifier import RemoteClassifier
from moderation.model.comments import Status
from moderation.model.decisions import ReasonKind
from moderation.model.errors import ClassifierUnavailable
from moderation.model.ids import JobId, SiteId
from moderation.model.jobs import JobState, Lane, Purpose
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.reading import CommentView, get_comment_by_external_id
from moderation.services.sites import add_site
from moderation.storage import classifier_versions
from moderation.storage.jobs import jobs
from tests.factories import submit
from tests.remote_server import Remote, remote_server
from worker import process, weights
from worker.drain import Drain
from worker.reading import Reader

CIVIL, HOSTILE = "Good morning to all of you.", "You are an idiot."


class Outage:
    """A server that can be stopped, and started again at its address."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.remote: Remote = self._stack.enter_context(remote_server())
        self._port = int(self.remote.url.rpartition(":")[2].strip("/"))

    def begin(self) -> None:
        self._stack.close()

    def end(self) -> None:
        self.remote = self._stack.enter_context(remote_server(self._port))


@pytest.fixture
def outage() -> Iterator[Outage]:
    made = Outage()
    yield made
    made.begin()


@pytest.fixture
def classifier(outage: Outage) -> RemoteClassifier:
    made = registry.load("remote", outage.remote.options())
    assert isinstance(made, RemoteClassifier)
    return made


@pytest.fixture
def worker(runtime: Runtime, classifier: RemoteClassifier) -> Drain:
    return Drain(runtime, Reader(classifier), timedelta(seconds=30), 20_000, lingers=False)


@pytest.fixture
def site(runtime: Runtime) -> SiteId:
    labels = (Label.TOXICITY, Label.INSULT)
    return add_site(runtime, "agora", "remote@words-1", labels=labels).id


def post(runtime: Runtime, site: SiteId, external_id: str, text: str) -> None:
    submit(runtime, site, external_id, text=text)
    announce(runtime)


def announce(runtime: Runtime) -> None:
    """Put what nobody has tried onto the lane, as the sweeper has it found a second later."""
    with runtime.reading() as connection:
        fresh = select(jobs.c.id).where(jobs.c.state == JobState.QUEUED, jobs.c.attempts == 0)
        ids = [JobId(row.id) for row in connection.execute(fresh)]
    runtime.broker.announce(Lane.LIVE, ids)


def view(runtime: Runtime, site: SiteId, external_id: str) -> CommentView:
    return get_comment_by_external_id(runtime, site, external_id)


def work_in_vain(worker: Drain, times: int = 1) -> None:
    for _ in range(times):
        announce(worker.runtime)
        with pytest.raises(ClassifierUnavailable):
            worker.classify()
        with suppress(ClassifierUnavailable):
            worker.retry()


@pytest.fixture
def noting(
    runtime: Runtime, classifier: RemoteClassifier, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """Return what a worker's process calls before each task, with nothing noted yet."""
    process._note.cache_clear()  # noqa: SLF001
    monkeypatch.setattr(weights, "weights", lambda: classifier)
    monkeypatch.setattr(process, "judging", lambda: runtime)
    return process.note_version


def pause_over(classifier: RemoteClassifier) -> None:
    """Let the pause of the circuit be over."""
    before = classifier.circuit.clock
    classifier.circuit.clock = lambda: before() + 60.0


def test_what_is_posted_while_it_is_away_is_judged_by_it_when_it_is_back(
    runtime: Runtime, site: SiteId, outage: Outage, worker: Drain, classifier: RemoteClassifier
) -> None:
    post(runtime, site, "before", CIVIL)
    worker.classify()
    outage.begin()
    post(runtime, site, "civil", CIVIL)
    post(runtime, site, "hostile", HOSTILE)
    work_in_vain(worker, times=10)
    statuses = [view(runtime, site, one).comment.status for one in ("before", "civil", "hostile")]
    assert statuses == [Status.APPROVED, Status.PENDING, Status.PENDING]
    outage.end()
    pause_over(classifier)
    announce(runtime)
    worker.classify()
    civil, hostile = view(runtime, site, "civil"), view(runtime, site, "hostile")
    assert (civil.comment.status, hostile.comment.status) == (Status.APPROVED, Status.FLAGGED)
    assert hostile.decision is not None
    assert hostile.decision.reasons[0].kind is ReasonKind.LABEL
    assert hostile.decision.classifier == "remote@words-1"
    decided = select(jobs.c.attempts).where(jobs.c.purpose == Purpose.DECIDE)
    with runtime.reading() as connection:
        attempts = list(connection.execute(decided).scalars())
    assert attempts == [1, 1, 1], "the outage has used up attempts"


def test_a_worker_that_starts_while_it_is_away_waits_for_it(
    runtime: Runtime, site: SiteId, outage: Outage, worker: Drain, classifier: RemoteClassifier
) -> None:
    outage.begin()
    post(runtime, site, "c1", CIVIL)
    work_in_vain(worker, times=3)
    outage.end()
    pause_over(classifier)
    announce(runtime)
    worker.classify()
    assert view(runtime, site, "c1").comment.status is Status.APPROVED


def test_where_it_stays_away_people_decide(
    runtime: Runtime,
    site: SiteId,
    outage: Outage,
    worker: Drain,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outage.begin()
    post(runtime, site, "c1", CIVIL)
    work_in_vain(worker)
    assert view(runtime, site, "c1").comment.status is Status.PENDING
    monkeypatch.setattr("worker.drain.PATIENCE", timedelta(0))
    work_in_vain(worker)
    found = view(runtime, site, "c1")
    assert found.comment.status is Status.FLAGGED
    assert found.decision is not None
    assert found.decision.reasons[0].detail == "the classifier was away for too long"
    assert found.scores == {}


def test_a_text_on_which_it_breaks_is_left_to_a_person_and_its_mates_are_judged(
    runtime: Runtime, site: SiteId, outage: Outage, worker: Drain
) -> None:
    poison = "Perfectly civil, and more than it can bear."
    outage.remote.status = lambda asked: 500 if poison in (asked.texts or ()) else 200
    post(runtime, site, "poison", poison)
    post(runtime, site, "mate", CIVIL)
    with capture_logs() as logs:
        worker.classify()
    assert view(runtime, site, "mate").comment.status is Status.APPROVED
    assert view(runtime, site, "poison").comment.status is Status.PENDING
    assert [log["reason"] for log in logs] == ["it answers 500", "it answers 500"]
    assert poison not in str(logs)
    with runtime.reading() as connection:
        found = connection.execute(select(jobs).where(jobs.c.state == JobState.QUEUED)).one()
    assert found.attempts == 1


def test_scores_of_a_new_version_are_stored_under_its_name_and_it_is_noted(
    runtime: Runtime,
    site: SiteId,
    outage: Outage,
    worker: Drain,
    noting: Callable[[], None],
) -> None:
    noting()
    assert newest(runtime) == "remote@words-1"
    outage.remote.version = "words-2"
    post(runtime, site, "c1", CIVIL)
    with pytest.raises(ClassifierUnavailable, match="another version"):
        worker.classify()
    assert view(runtime, site, "c1").comment.status is Status.PENDING
    noting()
    post(runtime, site, "c2", CIVIL)
    worker.classify()
    for external_id in ("c1", "c2"):
        decision = view(runtime, site, external_id).decision
        assert decision is not None
        assert decision.classifier == "remote@words-2"
        assert decision.reasons[0].kind is ReasonKind.OTHER_CLASSIFIER
    assert newest(runtime) == "remote@words-2"


def newest(runtime: Runtime) -> str | None:
    with runtime.reading() as connection:
        return classifier_versions.running(connection)


def test_a_classifier_that_is_away_is_noted_later(
    runtime: Runtime, outage: Outage, noting: Callable[[], None]
) -> None:
    outage.begin()
    noting()
    assert newest(runtime) is None
    outage.end()
    noting()
    assert newest(runtime) == "remote@words-1"
