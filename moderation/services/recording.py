"""Recording: what became of claimed jobs, and what follows by their purpose, all or nothing."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from moderation.model.classification import Outcome
from moderation.model.comments import Comment, Status
from moderation.model.jobs import JobState, Purpose
from moderation.runtime import Runtime
from moderation.services.deciding import decide_all
from moderation.services.explaining import add_marks
from moderation.services.keeping import Scored, keep, placed
from moderation.storage import comments, jobs, leases, standings
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch became: how many decisions, and how many deliveries they caused."""

    decided: int
    deliveries: int


def record(runtime: Runtime, outcomes: Sequence[Outcome]) -> Recorded:
    """Write what became of a batch, whatever its jobs are for, in one transaction.

    An outcome counts only where its token still holds the job, its revision is the current one and
    the comment is not erased; any other is dropped, so that every comment gets exactly one
    effective decision. Raises StorageUnavailable; then nothing is written.
    """
    with runtime.transaction() as connection:
        by_purpose = _still_valid(connection, outcomes)
        if not by_purpose:
            return Recorded(0, 0)
        behind = standings.SHARED if Purpose.DECIDE in by_purpose else None
        now = runtime.database_now(connection, behind)
        deliveries = sum(
            _WHAT_FOLLOWS[purpose](connection, scored, now)
            for purpose, scored in by_purpose.items()
        )
    return Recorded(len(by_purpose.get(Purpose.DECIDE, ())), deliveries)


def _only_keep(connection: Connection, scored: Sequence[Scored], now: datetime) -> int:
    keep(connection, scored, now)
    return 0


_WHAT_FOLLOWS: Mapping[Purpose, Callable[[Connection, Sequence[Scored], datetime], int]] = {
    Purpose.DECIDE: decide_all,
    Purpose.EXPLAIN: add_marks,
    Purpose.RESCORE: _only_keep,
    Purpose.SHADOW: _only_keep,
}
"""For each purpose, what writes its outcomes and returns how many deliveries they caused."""


def _still_valid(
    connection: Connection, outcomes: Sequence[Outcome]
) -> dict[Purpose, list[Scored]]:
    # Comments before jobs: the same order as everybody else who locks both.
    locked = comments.lock_all(connection, [outcome.job.comment_id for outcome in outcomes])
    held = {outcome.job.id: outcome.job.token for outcome in outcomes}
    # Done from here on, where this transaction commits.
    done = leases.end(connection, held, JobState.DONE)
    valid: defaultdict[Purpose, list[Scored]] = defaultdict(list)
    outdated = []
    for outcome in outcomes:
        job = outcome.job
        if job.id not in done:
            continue
        if comment := _current(locked.get(job.comment_id), job.revision):
            valid[job.purpose].append(placed(outcome, comment))
        else:
            outdated.append(job.id)
    if outdated:
        # Else `retry` would try them for ever.
        jobs.call_off(connection, outdated)
    return valid


def _current(comment: Comment | None, revision: int) -> Comment | None:
    if comment is None or comment.revision != revision or comment.status is Status.ERASED:
        return None
    return comment
