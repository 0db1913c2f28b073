"""Scoring history anew changes nothing but the scores that are known."""

from typing import Any

import pytest
from sqlalchemy import select, update

from moderation.model.classification import Facts, Outcome
from moderation.model.comments import Author, Status, Thread
from moderation.model.decisions import Action
from moderation.model.ids import CommentId, JobId
from moderation.model.jobs import ClaimedJob, JobState, Lane, Purpose
from moderation.model.labels import Scores
from moderation.runtime import Runtime
from moderation.services.claiming import claim_batch
from moderation.services.erasure import erase
from moderation.services.gauges import measure
from moderation.services.moderating import decide_comment
from moderation.services.reading import get_comment
from moderation.services.recording import Recorded, record
from moderation.storage.classifications import classifications
from moderation.storage.comments import comments
from moderation.storage.jobs import jobs
from moderation.storage.tables import metadata
from tests.factories import (
    CIVIL,
    CLASSIFIER,
    HOSTILE,
    LEASE,
    NEXT,
    Agora,
    classify_all,
    flagged_comment,
    queue_rescoring,
    submit,
)
from tests.statements import heard

STATEMENTS = {
    (Purpose.DECIDE, False): 14,
    (Purpose.DECIDE, True): 15,
    (Purpose.RESCORE, False): 4,
    (Purpose.RESCORE, True): 4,
}
"""What a batch costs on either database, without and with authors and threads."""

CHANGING = {"jobs", "classifications", "clock"}
"""Tables that scoring writes to."""


def everything_else(runtime: Runtime) -> dict[str, list[Any]]:
    with runtime.reading() as connection:
        return {
            table.name: sorted(map(str, connection.execute(table.select())))
            for table in metadata.sorted_tables
            if table.name not in CHANGING
        }


def claim(runtime: Runtime, *job_ids: JobId) -> tuple[ClaimedJob, ...]:
    return claim_batch(runtime, Lane.BULK, job_ids, len(job_ids), LEASE).jobs


def scored(job: ClaimedJob, scores: Scores = CIVIL, classifier: str = NEXT) -> Outcome:
    return Outcome(job, Facts(classifier=classifier, scores=scores))


def state_of(runtime: Runtime, job_id: JobId) -> str:
    with runtime.reading() as connection:
        return connection.execute(select(jobs.c.state).where(jobs.c.id == job_id)).scalar_one()


def kept(runtime: Runtime, comment_id: CommentId) -> list[tuple[str, str, float | None]]:
    c = classifications.c
    with runtime.reading() as connection:
        statement = select(c.purpose, c.classifier, c.toxicity).order_by(c.id)
        rows = connection.execute(statement.where(c.comment_id == comment_id))
        return [tuple(row) for row in rows]


def test_scores_are_added_and_nothing_of_the_past_changes(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    job_id = queue_rescoring(runtime, comment_id)
    before = everything_else(runtime)
    [job] = claim(runtime, job_id)
    assert record(runtime, [scored(job)]) == Recorded(decided=0, deliveries=0)
    assert everything_else(runtime) == before
    assert before["decisions"]
    assert before["reviews"]
    assert before["events"]
    assert kept(runtime, comment_id) == [
        ("decide", CLASSIFIER, HOSTILE["toxicity"]),
        ("rescore", NEXT, CIVIL["toxicity"]),
    ]
    assert state_of(runtime, job_id) == JobState.DONE
    assert get_comment(runtime, agora.site_id, comment_id).scores == HOSTILE


def test_a_second_run_keeps_no_second_scores(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    [job] = claim(runtime, queue_rescoring(runtime, comment_id))
    record(runtime, [scored(job)])
    record(runtime, [scored(job, HOSTILE)])
    assert len(kept(runtime, comment_id)) == 2


def test_one_batch_may_hold_both(runtime: Runtime, agora: Agora) -> None:
    past = flagged_comment(runtime, agora.site_id, "past")
    rescoring = queue_rescoring(runtime, past)
    new = submit(runtime, agora.site_id, "new").comment_id
    with runtime.reading() as connection:
        of_new = select(jobs.c.id).where(jobs.c.comment_id == new)
        deciding = connection.execute(of_new).scalar_one()
    both = claim(runtime, deciding, rescoring)
    classifier = {Purpose.DECIDE: CLASSIFIER, Purpose.RESCORE: NEXT}
    made = [scored(job, classifier=classifier[job.purpose]) for job in both]
    assert record(runtime, made).decided == 1
    assert get_comment(runtime, agora.site_id, new).comment.status is Status.APPROVED
    assert get_comment(runtime, agora.site_id, past).comment.status is Status.FLAGGED


@pytest.mark.parametrize("how", ["erased", "edited"])
def test_what_is_brought_for_a_text_that_is_gone_is_dropped(
    runtime: Runtime, agora: Agora, how: str
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    job_id = queue_rescoring(runtime, comment_id)
    [job] = claim(runtime, job_id)
    if how == "erased":
        erase(runtime, agora.site_id, comment_id)
    else:
        submit(runtime, agora.site_id, text="Another text.")
    assert state_of(runtime, job_id) == JobState.CANCELLED
    record(runtime, [scored(job)])
    assert [purpose for purpose, *_ in kept(runtime, comment_id)] == ["decide"]


def test_a_job_made_while_its_comment_was_edited_is_called_off(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    job_id = queue_rescoring(runtime, comment_id)
    [job] = claim(runtime, job_id)
    with runtime.transaction() as connection:
        connection.execute(update(comments).values(revision=2))
    record(runtime, [scored(job)])
    assert [purpose for purpose, *_ in kept(runtime, comment_id)] == ["decide"]
    assert state_of(runtime, job_id) == JobState.CANCELLED


def test_a_persons_decision_calls_off_no_scoring(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    job_id = queue_rescoring(runtime, comment_id)
    decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    assert state_of(runtime, job_id) == JobState.QUEUED


def test_a_job_for_history_makes_nothing_pending(runtime: Runtime, agora: Agora) -> None:
    queue_rescoring(runtime, flagged_comment(runtime, agora.site_id))
    with runtime.transaction() as connection:
        connection.execute(update(jobs).values(attempts=1))
    queue_rescoring(runtime, flagged_comment(runtime, agora.site_id, "c2"))
    found = measure(runtime)
    assert (found.pending, found.oldest_pending_seconds) == (0, 0.0)
    assert found.lanes[Lane.BULK] == 1


@pytest.mark.parametrize(("purpose", "named"), STATEMENTS)
def test_a_batch_costs_the_same_few_statements_however_large(
    runtime: Runtime,
    agora: Agora,
    purpose: Purpose,
    named: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    counts = []
    for size in (1, 5):
        ids = [_submit(runtime, agora, f"{size}.{n}", named=named) for n in range(size)]
        if purpose is Purpose.RESCORE:
            classify_all(runtime)
        job_ids = [queue_rescoring(runtime, one, purpose=purpose) for one in ids]
        held = claim(runtime, *job_ids)
        with heard(runtime) as said:
            record(runtime, [scored(job, classifier=CLASSIFIER) for job in held])
        counts.append(len(said))
    assert counts == [STATEMENTS[purpose, named]] * 2


def _submit(runtime: Runtime, agora: Agora, name: str, *, named: bool) -> CommentId:
    fields = {"author": Author(id=f"u-{name}"), "thread": Thread(id="t-1")} if named else {}
    return submit(runtime, agora.site_id, name, **fields).comment_id
