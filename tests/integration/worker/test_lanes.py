"""Who goes first: live comments before an import, and an import at every eighth turn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from classifiers.interface import nothing
from moderation.model.ids import CommentId, JobId, new_uuid
from moderation.model.jobs import Lane, Purpose
from moderation.model.labels import Label, Scores
from moderation.runtime import Runtime
from moderation.services.claiming import FORGOTTEN_SHARE, claim_batch
from moderation.storage.comments import comments
from moderation.storage.jobs import jobs
from tests.factories import CIVIL, CLASSIFIER, LEASE, Agora
from worker.drain import BULK_TURN, Drain
from worker.pace import MAX_BATCH
from worker.reading import Reader

AGO = timedelta(hours=1)
NOW = timedelta()


@dataclass
class Noting:
    """Scores everything alike, and notes which texts came together; `come` is called before."""

    come: Callable[[], None] = nothing
    version: str = CLASSIFIER
    labels: frozenset[Label] = frozenset(CIVIL)
    languages: frozenset[str] = frozenset({"en"})
    batches: list[set[str]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def can_read(self, text: str) -> bool:
        return bool(text)

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        if not texts:
            return []
        between()
        self.come()
        self.batches.append(set(texts))
        self.sizes.append(len(texts))
        return [CIVIL for _ in texts]


def store(
    runtime: Runtime, agora: Agora, lane: Lane, count: int, waited: timedelta = NOW
) -> list[JobId]:
    """Store comments that say their lane, with jobs that have waited so long; no Redis."""
    with runtime.transaction() as connection:
        at = runtime.database_now(connection) - waited
        comment_ids = [CommentId(new_uuid()) for _ in range(count)]
        one = {"site_id": agora.site_id, "text": lane.value, "format": "plain", "received_at": at}
        connection.execute(
            insert(comments), [one | {"id": each, "external_id": str(each)} for each in comment_ids]
        )
        job = {"site_id": agora.site_id, "revision": 1, "classifier": CLASSIFIER, "lane": lane}
        rows = [
            job | {"id": JobId(new_uuid()), "comment_id": each, "created_at": at}
            for each in comment_ids
        ]
        connection.execute(insert(jobs), rows)
    return [row["id"] for row in rows]


def work(drain: Drain, classifier: Noting, batches: int) -> None:
    """Let a worker do so many batches, however often it has to be called for that."""
    for _ in range(batches):
        if len(classifier.batches) >= batches:
            return
        drain.classify()


@pytest.fixture
def classifier() -> Noting:
    return Noting()


@pytest.fixture
def drain(runtime: Runtime, classifier: Noting) -> Drain:
    return Drain(runtime, Reader(classifier), LEASE, 20_000, lingers=False)


@pytest.mark.usefixtures("worker_seconds")
def test_a_lost_import_takes_no_seat_of_live_batches_and_gets_every_eighth_turn(
    runtime: Runtime, agora: Agora, classifier: Noting, drain: Drain
) -> None:
    store(runtime, agora, Lane.BULK, 500, AGO)

    def come() -> None:
        runtime.broker.announce(Lane.LIVE, store(runtime, agora, Lane.LIVE, 2))

    come()
    classifier.come = come
    work(drain, classifier, 3 * BULK_TURN)
    lanes = classifier.batches[: 3 * BULK_TURN]
    assert all(len(batch) == 1 for batch in lanes), "lanes were mixed in one batch"
    bulk = [turn for turn, batch in enumerate(lanes, 1) if batch == {"bulk"}]
    assert bulk == [BULK_TURN, 2 * BULK_TURN, 3 * BULK_TURN]


def test_a_live_comment_waits_for_one_batch_of_an_import_at_most(
    runtime: Runtime, agora: Agora, classifier: Noting, drain: Drain
) -> None:
    store(runtime, agora, Lane.BULK, 1000, AGO)
    came_at: list[int] = []

    def come() -> None:
        if len(classifier.batches) in (3, BULK_TURN - 2):
            came_at.append(len(classifier.batches))
            runtime.broker.announce(Lane.LIVE, store(runtime, agora, Lane.LIVE, 1))

    classifier.come = come
    work(drain, classifier, BULK_TURN + 3)
    for turn in came_at:
        # The batch in hand ends, and another of the import may have its turn.
        assert {"live"} in classifier.batches[turn + 1 : turn + 3]
    assert len(came_at) == 2


def test_live_comments_that_redis_lost_go_before_an_import_that_it_holds(
    runtime: Runtime, agora: Agora, classifier: Noting, drain: Drain
) -> None:
    runtime.broker.announce(Lane.BULK, store(runtime, agora, Lane.BULK, 100, AGO))
    store(runtime, agora, Lane.LIVE, 5, timedelta(seconds=10))
    drain.classify()
    assert classifier.batches[0] == {"live"}


def test_an_import_goes_before_history_that_was_queued_earlier(
    runtime: Runtime, agora: Agora, classifier: Noting, drain: Drain
) -> None:
    history = store(runtime, agora, Lane.BULK, 100, 2 * AGO)
    with runtime.transaction() as connection:
        as_history = {"purpose": Purpose.RESCORE, "classifier": CLASSIFIER}
        connection.execute(update(jobs).where(jobs.c.id.in_(history)).values(**as_history))
        connection.execute(update(comments).values(text="history"))
    store(runtime, agora, Lane.BULK, 3, AGO)
    work(drain, classifier, 2)
    assert classifier.batches[0] == {"bulk", "history"}
    assert classifier.batches[1] == {"history"}


def test_no_backlog_makes_a_claim_larger_than_a_batch(
    runtime: Runtime, agora: Agora, classifier: Noting, drain: Drain
) -> None:
    ids = store(runtime, agora, Lane.LIVE, 2000, AGO)
    # Half of them on the lane, and half of those twice.
    runtime.broker.announce(Lane.LIVE, ids[:1000])
    runtime.broker.announce(Lane.LIVE, ids[:500])
    work(drain, classifier, 10)
    # Some seats more are for who was forgotten.
    assert max(classifier.sizes) <= MAX_BATCH + MAX_BATCH // FORGOTTEN_SHARE
    # What lay on the lane twice was classified once.
    assert sum(classifier.sizes) <= 2000


def test_seats_beyond_a_full_batch_are_for_the_lanes_own_oldest(
    runtime: Runtime, agora: Agora
) -> None:
    store(runtime, agora, Lane.BULK, 50, 2 * AGO)
    [forgotten] = store(runtime, agora, Lane.LIVE, 1, AGO)
    popped = store(runtime, agora, Lane.LIVE, 8)
    claimed = claim_batch(runtime, Lane.LIVE, popped, 8, LEASE).jobs
    assert claimed[0].id == forgotten
    assert {job.id for job in claimed[1:]} == set(popped)
