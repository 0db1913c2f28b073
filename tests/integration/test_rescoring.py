"""History is scored anew by real workers: all of it, once, and no decision changes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from moderation.model.comments import NewComment
from moderation.model.decisions import Action
from moderation.model.jobs import History, Lane
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services import rescoring
from moderation.services.claiming import MAX_ATTEMPTS
from moderation.services.erasure import erase
from moderation.services.import_fields import ImportedComment, PastDecision
from moderation.services.importing import import_batch
from moderation.services.moderating import decide_comment
from moderation.services.rescoring import Standing, cancel_rescoring, look, queue_history
from moderation.services.sites import find_site
from moderation.storage.classifications import classifications
from moderation.storage.comments import comments
from tests.factories import (
    CLASSIFIER,
    LEASE,
    NEXT,
    Agora,
    FakeClock,
    classify_all,
    flagged_comment,
    submit,
)
from tests.integration.test_purposes import everything_else
from tests.integration.worker.test_drain import Scripted, push_all
from worker.drain import Drain
from worker.reading import Reader

DONE = Standing(left=0, not_scored=0)


pytestmark = pytest.mark.usefixtures("time_is_held_now")


@pytest.fixture
def wanted(agora: Agora) -> History:
    return History(agora.site_id, NEXT)


@pytest.fixture
def worker(runtime: Runtime) -> Drain:
    """Return a worker that has the next classifier beside its own."""
    following = {NEXT: Scripted(version=NEXT)}
    return Drain(
        runtime, Reader(Scripted(), of_version=following.get), LEASE, 20_000, lingers=False
    )


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescoring, "CHUNK", 2)


def queue(runtime: Runtime, wanted: History) -> int:
    return list(queue_history(runtime, wanted))[-1]


def work(runtime: Runtime, clock: FakeClock, worker: Drain, wanted: History) -> None:
    """Let a worker do all that it can, and be interrupted as often as a busy machine does that."""
    clock.pass_time(seconds=2)
    while look(runtime, wanted).left:
        worker.classify()


def decided(runtime: Runtime, agora: Agora, *external_ids: str, text: str = "Fine.") -> None:
    for external_id in external_ids:
        submit(runtime, agora.site_id, external_id, text=text)
    classify_all(runtime)


def scores(runtime: Runtime) -> list[tuple[str, int, str | None]]:
    """Return which comments have scores by the next version: external id, revision, failure."""
    c = classifications.c
    statement = (
        select(comments.c.external_id, c.revision, c.failure)
        .join(comments, comments.c.id == c.comment_id)
        .where(c.classifier == NEXT, c.purpose == "rescore")
        .order_by(c.id)
    )
    with runtime.reading() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def site_of(runtime: Runtime) -> Site:
    return find_site(runtime, "agora")


def imported(runtime: Runtime, external_id: str, written: datetime | None = None) -> None:
    new = NewComment(external_id=external_id, text="From before.", created_at=written)
    past = PastDecision(Action.REJECT, decided_at=None, decided_by="Bob", reason=None)
    import_batch(runtime, site_of(runtime), [ImportedComment(new, past)])


def test_all_of_the_past_is_scored_and_none_of_it_changes(
    runtime: Runtime, agora: Agora, clock: FakeClock, worker: Drain, wanted: History
) -> None:
    decided(runtime, agora, "approved")
    flagged_comment(runtime, agora.site_id, "flagged")
    rejected = flagged_comment(runtime, agora.site_id, "rejected")
    decide_comment(runtime, agora.alice, rejected, Action.REJECT, seen=1)
    decided(runtime, agora, "edited")
    decided(runtime, agora, "edited", text="Finer.")
    imported(runtime, "imported")
    gone = flagged_comment(runtime, agora.site_id, "gone")
    erase(runtime, agora.site_id, gone)
    submit(runtime, agora.other_site_id, "elsewhere")
    classify_all(runtime)

    assert queue(runtime, wanted) == 5
    before = everything_else(runtime)
    work(runtime, clock, worker, wanted)
    assert everything_else(runtime) == before
    assert sorted(scores(runtime)) == [
        ("approved", 1, None),
        ("edited", 2, None),
        ("flagged", 1, None),
        ("imported", 1, None),
        ("rejected", 1, None),
    ]
    assert look(runtime, wanted) == DONE


def test_what_has_scores_by_this_version_is_left_out(runtime: Runtime, agora: Agora) -> None:
    decided(runtime, agora, "c1", "c2", "c3")
    assert queue(runtime, History(agora.site_id, CLASSIFIER)) == 0


def test_what_waits_for_its_decision_is_no_history(
    runtime: Runtime, agora: Agora, wanted: History
) -> None:
    submit(runtime, agora.site_id)
    assert queue(runtime, wanted) == 0


def test_it_may_be_interrupted_and_given_again(
    runtime: Runtime, agora: Agora, clock: FakeClock, worker: Drain, wanted: History
) -> None:
    decided(runtime, agora, "c1", "c2", "c3", "c4", "c5")
    assert next(queue_history(runtime, wanted)) == 2
    clock.pass_time(seconds=1)
    assert queue(runtime, wanted) == 3
    work(runtime, clock, worker, wanted)
    assert queue(runtime, wanted) == 0
    # The newest chunk first, and nothing twice.
    found = [external_id for external_id, *_ in scores(runtime)]
    assert set(found[:2]) == {"c5", "c4"}
    assert sorted(found) == ["c1", "c2", "c3", "c4", "c5"]


def test_what_is_left_can_be_called_off_and_queued_anew(
    runtime: Runtime, agora: Agora, clock: FakeClock, worker: Drain, wanted: History
) -> None:
    decided(runtime, agora, "c1", "c2", "c3")
    queue(runtime, wanted)
    assert cancel_rescoring(runtime, wanted) == 3
    assert look(runtime, wanted) == DONE
    assert queue(runtime, wanted) == 3
    work(runtime, clock, worker, wanted)
    assert len(scores(runtime)) == 3


def test_a_text_that_changes_meanwhile_is_left_to_its_own_decision(
    runtime: Runtime, agora: Agora, clock: FakeClock, worker: Drain, wanted: History
) -> None:
    decided(runtime, agora, "edited", "kept")
    gone = flagged_comment(runtime, agora.site_id, "gone")
    queue(runtime, wanted)
    erase(runtime, agora.site_id, gone)
    submit(runtime, agora.site_id, "edited", text="Another text.")
    work(runtime, clock, worker, wanted)
    assert scores(runtime) == [("kept", 1, None)]
    assert look(runtime, wanted) == DONE


def test_a_text_that_kills_the_classifier_is_tried_and_then_left(
    runtime: Runtime, agora: Agora, clock: FakeClock, worker: Drain, wanted: History
) -> None:
    decided(runtime, agora, "bad", text="poison")
    decided(runtime, agora, "good")
    queue(runtime, wanted)
    clock.pass_time(seconds=2)
    worker.classify()
    for _ in range(MAX_ATTEMPTS):
        clock.pass_time(seconds=31)
        worker.retry()
    assert scores(runtime) == [
        ("good", 1, None),
        ("bad", 1, f"the classifier failed {MAX_ATTEMPTS} times on this comment"),
    ]
    assert queue(runtime, wanted) == 0


def test_where_no_worker_has_the_version_it_is_called_off_and_can_be_given_again(
    runtime: Runtime, agora: Agora, clock: FakeClock, worker: Drain, wanted: History
) -> None:
    decided(runtime, agora, "c1", "c2")
    without = Drain(runtime, Reader(Scripted()), LEASE, 20_000, lingers=False)
    queue(runtime, wanted)
    work(runtime, clock, without, wanted)
    assert look(runtime, wanted) == Standing(left=0, not_scored=2)
    assert scores(runtime) == []
    assert queue(runtime, wanted) == 2
    work(runtime, clock, worker, wanted)
    assert len(scores(runtime)) == 2


def test_the_version_of_the_worker_itself_can_score_history(
    runtime: Runtime, clock: FakeClock, wanted: History
) -> None:
    imported(runtime, "imported")
    worker = Drain(runtime, Reader(Scripted(version=NEXT)), LEASE, 20_000, lingers=False)
    queue(runtime, wanted)
    work(runtime, clock, worker, wanted)
    assert scores(runtime) == [("imported", 1, None)]


def test_only_what_was_written_since_a_moment_is_queued(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    since = clock.now() - timedelta(days=3)
    decided(runtime, agora, "before", "after")
    imported(runtime, "written before", since - timedelta(hours=1))
    imported(runtime, "written after", since + timedelta(hours=1))
    with runtime.transaction() as connection:
        long_ago = {"received_at": since - timedelta(hours=1)}
        named = comments.c.external_id == "before"
        connection.execute(update(comments).where(named).values(**long_ago))
    assert queue(runtime, History(agora.site_id, NEXT, since)) == 2
    # What came before is not even looked at.
    future = History(agora.site_id, "compact@later", clock.now() + timedelta(days=1))
    assert queue(runtime, future) == 0


def test_history_that_is_slow_to_score_makes_no_live_batch_smaller(
    runtime: Runtime, agora: Agora, worker: Drain
) -> None:
    for _ in range(20):
        worker.paces[Lane.BULK].took(1, 5.0)
    for number in range(20):
        submit(runtime, agora.site_id, f"c{number}")
    push_all(runtime)
    own = Scripted()
    worker.reader = replace(worker.reader, classifier=own)
    worker.classify()
    assert own.batches[0] > 1
