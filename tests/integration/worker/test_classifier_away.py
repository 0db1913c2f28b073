"""A classifier that is away: no comment is to blame, and none is approved unseen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from classifiers.interface import nothing
from moderation.broker import Task, bell_key
from moderation.model.comments import Status
from moderation.model.decisions import ReasonKind
from moderation.model.errors import ClassifierUnavailable
from moderation.model.ids import JobId
from moderation.model.jobs import JobState, Lane
from moderation.model.labels import Label, Scores
from moderation.runtime import Runtime
from moderation.services.claiming import MAX_ATTEMPTS, PATIENCE, claim_batch, release
from moderation.services.reading import CommentView, get_comment_by_external_id
from moderation.storage.jobs import jobs
from tests.factories import CIVIL, CLASSIFIER, LEASE, Agora, FakeClock, make_agora, submit
from worker.drain import Drain
from worker.reading import Reader

LONG = PATIENCE.total_seconds() + 1


@dataclass
class Distant:
    """Is away for so many seconds, or goes away at the first text that it is given."""

    away: float | None = None
    leaves: bool = False
    breaks: bool = False
    labels: frozenset[Label] = frozenset(CIVIL)
    languages: frozenset[str] = frozenset({"en"})
    sizes: list[int] = field(default_factory=list)

    @property
    def version(self) -> str:
        self._answer()
        return CLASSIFIER

    def can_read(self, text: str) -> bool:
        return bool(text)

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        self._answer()
        if not texts:
            return []
        self.sizes.append(len(texts))
        if self.leaves:
            self.away = 0.0
            if self.breaks:
                raise RuntimeError("no whole answer")
        self._answer()
        between()
        return [CIVIL for _ in texts]

    def _answer(self) -> None:
        if self.away is not None:
            raise ClassifierUnavailable("nobody answers", self.away)


def drain(runtime: Runtime, classifier: Distant) -> Drain:
    return Drain(runtime, Reader(classifier), timedelta(seconds=30), 20_000, lingers=False)


def announce_all(runtime: Runtime, lane: Lane = Lane.LIVE) -> list[JobId]:
    with runtime.reading() as connection:
        ids = [JobId(row.id) for row in connection.execute(select(jobs.c.id))]
    runtime.broker.announce(lane, ids)
    return ids


def attempts(runtime: Runtime) -> list[int]:
    """Return the attempts of the jobs that wait, none of which may be held."""
    chosen = select(jobs.c.attempts, jobs.c.token).where(jobs.c.state == JobState.QUEUED)
    with runtime.reading() as connection:
        rows = list(connection.execute(chosen))
    assert {row.token for row in rows} <= {None}
    return [row.attempts for row in rows]


def view(runtime: Runtime, agora: Agora, external_id: str = "c1") -> CommentView:
    return get_comment_by_external_id(runtime, agora.site_id, external_id)


def failure(found: CommentView) -> str | None:
    assert found.comment.status is Status.FLAGGED
    assert found.decision is not None
    assert found.decision.reasons[0].kind is ReasonKind.FAILURE
    return found.decision.reasons[0].detail


def work(worker: Drain) -> None:
    """Call a worker as its task does."""
    with pytest.raises(ClassifierUnavailable):
        worker.classify()


def test_nothing_is_claimed_for_a_classifier_that_is_away(runtime: Runtime, agora: Agora) -> None:
    submit(runtime, agora.site_id)
    ids = announce_all(runtime)
    classifier = Distant(away=0.0)
    for _ in range(MAX_ATTEMPTS + 1):
        work(drain(runtime, classifier))
    assert attempts(runtime) == [0]
    assert runtime.broker.depth(Lane.LIVE) == len(ids)
    classifier.away = None
    drain(runtime, classifier).classify()
    assert view(runtime, agora).comment.status is Status.APPROVED


def test_a_batch_that_the_classifier_took_no_notice_of_is_as_if_it_had_not_been_claimed(
    runtime: Runtime, agora: Agora
) -> None:
    for number in range(3):
        submit(runtime, agora.site_id, f"c{number}", text="long " * 3000)
    announce_all(runtime)
    classifier = Distant(leaves=True)
    work(drain(runtime, classifier))
    assert attempts(runtime) == [0, 0, 0]
    assert not runtime.broker.redis.exists(bell_key(Task.CLASSIFY)), "it would be tried at once"
    assert classifier.sizes == [1]


def test_texts_at_which_it_went_away_have_used_up_an_attempt_and_are_tried_alone(
    runtime: Runtime, agora: Agora
) -> None:
    for number in range(3):
        submit(runtime, agora.site_id, f"c{number}")
    announce_all(runtime)
    worker = drain(runtime, Distant(leaves=True, breaks=True))
    worker.classify()
    assert attempts(runtime) == [1, 1, 1]
    with pytest.raises(ClassifierUnavailable):
        worker.classify()
    assert attempts(runtime) == [1, 1, 1]


def test_what_is_tried_alone_loses_no_attempt_either(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    submit(held_runtime, agora.site_id)
    ids = announce_all(held_runtime)
    [job] = claim_batch(held_runtime, Lane.LIVE, ids, 1, LEASE).jobs
    release(held_runtime, job)
    clock.pass_time(seconds=31)
    classifier = Distant(leaves=True)
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(ClassifierUnavailable):
            drain(held_runtime, classifier).retry()
    assert attempts(held_runtime) == [1]
    assert classifier.sizes == [1]
    drain(held_runtime, Distant()).retry()
    assert view(held_runtime, agora).comment.status is Status.APPROVED


@pytest.mark.parametrize("lane", list(Lane))
def test_what_waited_too_long_is_left_to_a_person(
    held_runtime: Runtime, clock: FakeClock, lane: Lane
) -> None:
    agora = make_agora(held_runtime)
    submit(held_runtime, agora.site_id, "old")
    with held_runtime.transaction() as connection:
        connection.execute(jobs.update().values(lane=lane))
    clock.pass_time(seconds=LONG)
    submit(held_runtime, agora.site_id, "young")
    work(drain(held_runtime, Distant(away=LONG)))
    assert failure(view(held_runtime, agora, "old")) == "the classifier was away for too long"
    assert view(held_runtime, agora, "old").decision.classifier == "unknown"  # type: ignore[union-attr]
    assert view(held_runtime, agora, "young").comment.status is Status.PENDING


def test_so_is_what_was_tried_before(held_runtime: Runtime, clock: FakeClock) -> None:
    agora = make_agora(held_runtime)
    submit(held_runtime, agora.site_id)
    ids = announce_all(held_runtime)
    [job] = claim_batch(held_runtime, Lane.LIVE, ids, 1, LEASE).jobs
    release(held_runtime, job)
    clock.pass_time(seconds=LONG)
    with pytest.raises(ClassifierUnavailable):
        drain(held_runtime, Distant(away=LONG)).retry()
    assert failure(view(held_runtime, agora)) == "the classifier was away for too long"


def test_what_waited_for_its_turn_is_not_flagged_for_a_classifier_that_left_a_moment_ago(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    submit(held_runtime, agora.site_id)
    clock.pass_time(hours=3)
    work(drain(held_runtime, Distant(away=LONG - 2)))
    assert view(held_runtime, agora).comment.status is Status.PENDING
    drain(held_runtime, Distant()).classify()
    assert view(held_runtime, agora).comment.status is Status.APPROVED


def test_a_whole_backlog_that_waited_too_long_is_left_to_people(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.drain.PATIENCE", timedelta(0))
    # A long second, so that a busy machine gets this done in it.
    monkeypatch.setattr("worker.drain.LOOP_SECONDS", 20.0)
    for number in range(200):
        submit(runtime, agora.site_id, f"c{number}")
    work(drain(runtime, Distant(away=LONG)))
    assert attempts(runtime) == []
