"""Every comment gets exactly one effective decision."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from moderation.model.classification import Facts, Outcome
from moderation.model.comments import Display, Status
from moderation.model.decisions import Action, ReasonKind, Source
from moderation.model.errors import Erased
from moderation.model.ids import JobId
from moderation.model.jobs import ClaimedJob, Lane
from moderation.model.labels import Scores
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services.claiming import claim_batch, claim_expired, hand_back, release
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment, undo
from moderation.services.reading import decisions_after, get_comment
from moderation.services.recording import record
from moderation.storage.jobs import jobs
from moderation.storage.tables import metadata
from tests.factories import (
    CIVIL,
    CLASSIFIER,
    HOSTILE,
    LEASE,
    Agora,
    FakeClock,
    classify_all,
    flagged_comment,
    make_agora,
    submit,
)


def claim_all(runtime: Runtime) -> tuple[ClaimedJob, ...]:
    """Claim what is in the database and old enough: in tests, `held_runtime` waits for that."""
    return claim_batch(runtime, Lane.BULK, [], 100, LEASE).jobs


def outcome(job: ClaimedJob, scores: Scores = CIVIL) -> Outcome:
    return Outcome(job, Facts(classifier=CLASSIFIER, scores=scores))


@pytest.mark.parametrize(
    ("scores", "status", "display"),
    [(CIVIL, Status.APPROVED, Display.SHOW), (HOSTILE, Status.FLAGGED, Display.HOLD)],
)
def test_a_classified_comment_is_decided(
    runtime: Runtime, agora: Agora, scores: Scores, status: Status, display: Display
) -> None:
    submitted = submit(runtime, agora.site_id)
    classify_all(runtime, scores)
    view = get_comment(runtime, agora.site_id, submitted.comment_id)
    assert (view.comment.status, view.display, view.scores) == (status, display, scores)
    assert view.decision is not None
    assert (view.decision.source, view.decision.policy_version) == (Source.AUTOMATION, 1)
    assert view.decision.classifier == CLASSIFIER


def test_a_decision_stands_in_the_feed_in_its_place(runtime: Runtime, agora: Agora) -> None:
    for number in range(3):
        submit(runtime, agora.site_id, f"c{number}")
    classify_all(runtime)
    feed = decisions_after(runtime, agora.site_id, 0, 10)
    assert [told.position for told in feed] == [1, 2, 3]
    assert [told.external_id for told in decisions_after(runtime, agora.site_id, 2, 10)] == [
        feed[2].external_id
    ]
    assert decisions_after(runtime, agora.other_site_id, 0, 10) == []


def test_scores_of_another_classifier_version_flag(runtime: Runtime, agora: Agora) -> None:
    submitted = submit(runtime, agora.site_id)
    [job] = claim_popped(runtime)
    record(runtime, [Outcome(job, Facts(classifier="compact@other", scores=CIVIL))])
    view = get_comment(runtime, agora.site_id, submitted.comment_id)
    assert view.decision is not None
    assert view.decision.reasons[0].kind is ReasonKind.OTHER_CLASSIFIER


def claim_popped(runtime: Runtime) -> tuple[ClaimedJob, ...]:
    """Claim whatever is fresh, as if Redis had handed it out."""
    with runtime.reading() as connection:
        ids = [JobId(row.id) for row in connection.execute(select(jobs.c.id))]
    return claim_batch(runtime, Lane.BULK, ids, len(ids), LEASE).jobs


def test_a_second_run_of_the_same_job_changes_nothing(runtime: Runtime, agora: Agora) -> None:
    submitted = submit(runtime, agora.site_id)
    [job] = claim_popped(runtime)
    assert record(runtime, [outcome(job)]).decided == 1
    assert record(runtime, [outcome(job, HOSTILE)]).decided == 0
    view = get_comment(runtime, agora.site_id, submitted.comment_id)
    assert view.comment.status is Status.APPROVED


def test_a_job_is_handed_to_one_worker_only(runtime: Runtime, agora: Agora) -> None:
    submit(runtime, agora.site_id)
    assert len(claim_popped(runtime)) == 1
    assert claim_popped(runtime) == ()


def test_an_unknown_id_on_the_lane_is_dropped(runtime: Runtime, agora: Agora) -> None:
    submit(runtime, agora.site_id)
    assert claim_batch(runtime, Lane.BULK, [JobId(uuid4())], 1, LEASE).jobs == ()


def test_what_is_brought_for_an_erased_comment_is_dropped(runtime: Runtime, agora: Agora) -> None:
    submitted = submit(runtime, agora.site_id)
    [job] = claim_popped(runtime)
    erase(runtime, agora.site_id, submitted.comment_id)
    assert record(runtime, [outcome(job)]).decided == 0
    with pytest.raises(Erased):
        get_comment(runtime, agora.site_id, submitted.comment_id)


def test_what_people_wrote_about_an_erased_comment_is_erased_too(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    made = decide_comment(
        runtime, agora.alice, comment_id, Action.REJECT, seen=1, words=Words(note="canary")
    )
    undo(runtime, agora.alice, made.id)
    erase(runtime, agora.site_id, comment_id)
    assert not [row for row in every_row(runtime) if "canary" in row]


def test_what_is_brought_for_an_older_revision_is_dropped(runtime: Runtime, agora: Agora) -> None:
    submitted = submit(runtime, agora.site_id, text="First.")
    [job] = claim_popped(runtime)
    submit(runtime, agora.site_id, text="Second.")
    assert record(runtime, [outcome(job, HOSTILE)]).decided == 0
    view = get_comment(runtime, agora.site_id, submitted.comment_id)
    assert (view.comment.status, view.comment.revision) == (Status.PENDING, 2)


def test_a_person_who_was_faster_is_not_overruled(runtime: Runtime, agora: Agora) -> None:
    submitted = submit(runtime, agora.site_id)
    [job] = claim_popped(runtime)
    decide_comment(runtime, agora.alice, submitted.comment_id, Action.REJECT, seen=0)
    assert record(runtime, [outcome(job)]).decided == 0
    view = get_comment(runtime, agora.site_id, submitted.comment_id)
    assert view.comment.status is Status.REJECTED


def test_a_job_that_redis_lost_is_found_in_the_database(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    submit(held_runtime, agora.site_id)
    assert claim_all(held_runtime) == ()
    clock.pass_time(seconds=3)
    assert len(claim_all(held_runtime)) == 1


def test_a_full_batch_from_redis_still_has_a_seat_for_the_forgotten(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    submit(held_runtime, agora.site_id, "forgotten")
    clock.pass_time(seconds=31)
    batch = claim_batch(held_runtime, Lane.BULK, [JobId(uuid4())], 1, LEASE)
    assert len(batch.jobs) == 1


def test_a_dead_workers_job_is_taken_by_retry_after_its_lease(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    submit(held_runtime, agora.site_id)
    clock.pass_time(seconds=3)
    [dead] = claim_all(held_runtime)
    assert claim_expired(held_runtime, LEASE).jobs == ()
    clock.pass_time(seconds=LEASE.total_seconds() + 1)
    [again] = claim_expired(held_runtime, LEASE).jobs
    assert again.attempts == 2
    assert record(held_runtime, [outcome(dead)]).decided == 0
    assert record(held_runtime, [outcome(again)]).decided == 1


def test_a_lease_from_a_clock_gone_wrong_counts_as_expired(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    submit(held_runtime, agora.site_id)
    clock.pass_time(seconds=3)
    claim_batch(held_runtime, Lane.BULK, [], 1, timedelta(days=365))
    assert len(claim_expired(held_runtime, LEASE).jobs) == 1


def test_released_jobs_go_to_retry_after_a_pause_and_handed_back_ones_are_fresh_again(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    submit(held_runtime, agora.site_id, "c1")
    submit(held_runtime, agora.site_id, "c2")
    clock.pass_time(seconds=3)
    first, second = claim_all(held_runtime)
    release(held_runtime, first)
    assert claim_expired(held_runtime, LEASE).jobs == ()
    hand_back(held_runtime, second.token, [second.id])
    clock.pass_time(seconds=3)
    assert [job.id for job in claim_expired(held_runtime, LEASE).jobs] == [first.id]
    assert [(job.id, job.attempts) for job in claim_all(held_runtime)] == [(second.id, 1)]


def test_an_edited_comment_leaves_its_author_no_old_text_after_erasure(
    runtime: Runtime, agora: Agora
) -> None:
    submit(runtime, agora.site_id, text="canary one")
    submitted = submit(runtime, agora.site_id, text="canary two")
    classify_all(runtime)
    erase(runtime, agora.site_id, submitted.comment_id)
    assert not [row for row in every_row(runtime) if "canary" in row]


def every_row(runtime: Runtime) -> list[str]:
    with runtime.reading() as connection:
        return [
            str(row)
            for table in metadata.sorted_tables
            for row in connection.execute(table.select())
        ]


def test_the_longest_waiting_job_comes_first_in_its_batch(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    waiting = submit(held_runtime, agora.site_id, "waiting").comment_id
    clock.pass_time(seconds=31)
    submit(held_runtime, agora.site_id, "new")
    with held_runtime.reading() as connection:
        popped = [
            row.id for row in connection.execute(select(jobs.c.id).order_by(jobs.c.id.desc()))
        ]
    claimed = claim_batch(held_runtime, Lane.BULK, popped[:1], 1, LEASE).jobs
    assert claimed[0].comment_id == waiting
