"""Why a comment was flagged: asked for with the decision, found by a worker, told once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from moderation.model.classification import Facts, Outcome
from moderation.model.comments import Format, Status
from moderation.model.decisions import Action
from moderation.model.ids import CommentId, JobId
from moderation.model.jobs import JobState, Lane, Purpose
from moderation.model.labels import Label
from moderation.model.marks import Mark
from moderation.runtime import Runtime
from moderation.services.claiming import MAX_ATTEMPTS, claim_batch
from moderation.services.erasure import erase
from moderation.services.gauges import measure
from moderation.services.moderating import decide_comment
from moderation.services.reading import get_comment
from moderation.services.recording import record
from moderation.storage.classifications import classifications
from moderation.storage.jobs import jobs
from tests.counting import Counting
from tests.factories import CIVIL, CLASSIFIER, HOSTILE, LEASE, Agora, FakeClock, make_agora, submit
from tests.statements import heard
from worker import explaining
from worker.drain import BULK_TURN, Drain
from worker.reading import Reader

INSULT = "You are an idiot."
IDIOT = Mark(11, 16, Label.TOXICITY, 1.0)


@pytest.fixture(autouse=True)
def unhurried(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no call explain what was not announced, on a machine that stands still for a second."""
    if "held_runtime" not in request.fixturenames:
        monkeypatch.setattr("moderation.services.claiming.OVERLOOKED", timedelta(hours=1))


def drain(runtime: Runtime, classifier: Counting | None = None) -> Drain:
    return Drain(
        runtime, Reader(classifier or Counting()), timedelta(seconds=30), 20_000, lingers=False
    )


def announce(runtime: Runtime, lane: Lane) -> None:
    """Put what nobody has tried on its Redis lane, so that no test waits for a second to pass."""
    with runtime.reading() as connection:
        fresh = select(jobs.c.id).where(jobs.c.lane == lane, jobs.c.attempts == 0)
        ids = [JobId(row.id) for row in connection.execute(fresh.order_by(jobs.c.id))]
    if ids:
        runtime.broker.announce(lane, ids)


def decided(runtime: Runtime, agora: Agora, text: str = INSULT, **fields: object) -> CommentId:
    """Return a comment that a worker has decided, and not yet explained."""
    comment_id = submit(runtime, agora.site_id, text=text, **fields).comment_id
    announce(runtime, Lane.BULK)
    drain(runtime).classify()
    return comment_id


def explain(runtime: Runtime, classifier: Counting | None = None) -> None:
    announce(runtime, Lane.EXPLAIN)
    drain(runtime, classifier).classify()


def marks_of(runtime: Runtime, agora: Agora, comment_id: CommentId) -> tuple[Mark, ...] | None:
    return get_comment(runtime, agora.site_id, comment_id).marks


def explaining_jobs(runtime: Runtime) -> list[str]:
    with runtime.reading() as connection:
        asked = select(jobs.c.state).where(jobs.c.purpose == Purpose.EXPLAIN)
        return list(connection.execute(asked.order_by(jobs.c.id)).scalars())


def test_a_flagged_comment_is_decided_first_and_explained_then(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = decided(runtime, agora)
    before = get_comment(runtime, agora.site_id, comment_id)
    assert (before.comment.status, before.marks) == (Status.FLAGGED, None)
    explain(runtime)
    after = get_comment(runtime, agora.site_id, comment_id)
    assert after.marks == (IDIOT,)
    assert (after.decision, after.comment) == (before.decision, before.comment)
    assert explaining_jobs(runtime) == [JobState.DONE]


@pytest.mark.parametrize("text", ["Good morning.", "Who is an idiot?"])
def test_nothing_is_asked_of_what_is_approved_or_cannot_be_read(
    runtime: Runtime, agora: Agora, text: str
) -> None:
    decided(runtime, agora, text)
    assert explaining_jobs(runtime) == []


def test_what_redis_never_held_is_explained_after_a_second(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    comment_id = decided(held_runtime, agora)
    clock.pass_time(seconds=2)
    drain(held_runtime).classify()
    assert marks_of(held_runtime, agora, comment_id) == (IDIOT,)


def test_marks_count_in_the_text_as_readers_see_it(runtime: Runtime, agora: Agora) -> None:
    html = "<p>You &amp; <b>I</b>: id<i></i>iot</p>"
    comment_id = decided(runtime, agora, html, format=Format.HTML)
    explain(runtime)
    assert marks_of(runtime, agora, comment_id) == (Mark(9, 14, Label.TOXICITY, 1.0),)


def test_a_comment_that_somebody_decided_is_not_explained(runtime: Runtime, agora: Agora) -> None:
    comment_id = decided(runtime, agora)
    decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    classifier = Counting()
    explain(runtime, classifier)
    assert explaining_jobs(runtime) == [JobState.CANCELLED]
    assert classifier.asked == []


def test_marks_of_a_text_that_was_edited_or_erased_meanwhile_are_dropped(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = decided(runtime, agora)

    def edit(_: str) -> None:
        if explaining_jobs(runtime) == [JobState.QUEUED]:
            submit(runtime, agora.site_id, text="Good morning.")

    explain(runtime, Counting(come=edit))
    assert explaining_jobs(runtime) == [JobState.CANCELLED]
    assert stored_marks(runtime, comment_id) == [None]


def test_erasing_a_comment_erases_its_marks(runtime: Runtime, agora: Agora) -> None:
    comment_id = decided(runtime, agora)
    explain(runtime)
    assert stored_marks(runtime, comment_id) != [None]
    erase(runtime, agora.site_id, comment_id)
    assert stored_marks(runtime, comment_id) == [None]


def stored_marks(runtime: Runtime, comment_id: CommentId) -> list[object]:
    with runtime.reading() as connection:
        found = select(classifications.c.marks).where(classifications.c.comment_id == comment_id)
        return list(connection.execute(found).scalars())


def test_what_cannot_be_explained_is_given_up_and_changes_nothing(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    comment_id = decided(held_runtime, agora)
    before = get_comment(held_runtime, agora.site_id, comment_id)

    def fail(_: str) -> None:
        raise RuntimeError("this text is poison")

    worker = drain(held_runtime, Counting(come=fail))
    for _ in range(MAX_ATTEMPTS + 1):
        clock.pass_time(seconds=31)
        worker.classify()
        worker.retry()
    assert explaining_jobs(held_runtime) == [JobState.DONE]
    assert get_comment(held_runtime, agora.site_id, comment_id) == before


def test_a_text_that_takes_too_long_is_not_tried_again(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment_id = decided(runtime, agora)
    monkeypatch.setattr(explaining, "MOST_SECONDS", -1.0)
    classifier = Counting()
    explain(runtime, classifier)
    assert len(classifier.asked) == 1
    assert explaining_jobs(runtime) == [JobState.DONE]
    assert marks_of(runtime, agora, comment_id) is None


def test_scores_of_another_version_are_not_explained(runtime: Runtime, agora: Agora) -> None:
    comment_id = decided(runtime, agora)
    classifier = Counting(version="compact@other")
    explain(runtime, classifier)
    assert (classifier.asked, marks_of(runtime, agora, comment_id)) == ([], None)
    assert explaining_jobs(runtime) == [JobState.DONE]


def test_explaining_teaches_nothing_about_the_pace_of_deciding(
    runtime: Runtime, agora: Agora
) -> None:
    decided(runtime, agora)
    announce(runtime, Lane.EXPLAIN)
    worker = drain(runtime)
    size = worker.paces[Lane.LIVE].size
    worker.classify()
    assert explaining_jobs(runtime) == [JobState.DONE]
    assert worker.paces[Lane.LIVE].size == size


# What waits for a second is looked for in the database as well: in no time nothing waits so long.
@pytest.mark.usefixtures("time_is_held_now", "worker_seconds")
def test_under_live_load_one_comment_is_explained_in_eight_turns(
    runtime: Runtime, agora: Agora
) -> None:
    for number in range(3):
        decided(runtime, agora, external_id=f"flagged{number}")
    announce(runtime, Lane.EXPLAIN)

    def come(text: str) -> None:
        if text == "Good morning.":
            live(runtime, agora)

    classifier = Counting(come=come)
    worker = drain(runtime, classifier)
    live(runtime, agora)
    # One call lasts for a second, which on a busy machine may be a few turns only.
    while explaining_jobs(runtime) != [JobState.DONE] * 3:
        worker.classify()
    first, second, third = explained_at(classifier)
    for start, end in ((first, second), (second, third)):
        assert classifier.asked[start:end].count("Good morning.") == BULK_TURN - 1


def live(runtime: Runtime, agora: Agora) -> None:
    comment_id = submit(runtime, agora.site_id, uuid4().hex).comment_id
    with runtime.transaction() as connection:
        its = jobs.c.comment_id == comment_id
        connection.execute(update(jobs).where(its).values(lane=Lane.LIVE))
        job_id = connection.execute(select(jobs.c.id).where(its)).scalar_one()
    runtime.broker.announce(Lane.LIVE, [JobId(job_id)])


def explained_at(classifier: Counting) -> list[int]:
    """Return where among all that was classified each explanation began."""
    return [place for place, text in enumerate(classifier.asked) if text == INSULT.rstrip(".")]


def test_an_import_does_not_wait_for_what_is_to_be_explained(
    runtime: Runtime, agora: Agora
) -> None:
    decided(runtime, agora)
    announce(runtime, Lane.EXPLAIN)
    submit(runtime, agora.site_id, "import")
    announce(runtime, Lane.BULK)
    classifier = Counting()
    drain(runtime, classifier).classify()
    assert classifier.asked[0] == "Good morning."
    assert explained_at(classifier) == [1]


def test_nobody_waits_for_the_classifier_who_is_only_to_be_explained(
    runtime: Runtime, agora: Agora
) -> None:
    decided(runtime, agora)
    found = measure(runtime)
    assert (found.pending, found.oldest_pending_seconds) == (0, 0.0)
    assert found.lanes == {Lane.LIVE: 0, Lane.EXPLAIN: 1, Lane.BULK: 0}


def test_to_ask_for_an_explanation_takes_one_statement_more_than_to_flag(
    runtime: Runtime, agora: Agora
) -> None:
    def taken(external_id: str, facts: Facts) -> int:
        comment_id = submit(runtime, agora.site_id, external_id).comment_id
        with runtime.reading() as connection:
            its = select(jobs.c.id).where(jobs.c.comment_id == comment_id)
            job_id = JobId(connection.execute(its).scalar_one())
        [job] = claim_batch(runtime, Lane.BULK, [job_id], 1, LEASE).jobs
        with heard(runtime) as said:
            record(runtime, [Outcome(job, facts)])
        return len(said)

    approved = taken("c1", Facts(CLASSIFIER, CIVIL))
    unread = taken("c2", Facts(CLASSIFIER, CIVIL, readable=False))
    assert taken("c3", Facts(CLASSIFIER, HOSTILE)) == unread + 1 == approved + 2
