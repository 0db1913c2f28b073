"""Recording: what became of claimed jobs, and what follows by their purpose, all or nothing."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from moderation.model.classification import Outcome
from moderation.model.comments import Comment, Status
from moderation.model.ids import JobId
from moderation.model.jobs import JobState, Purpose
from moderation.runtime import Runtime
from moderation.services.deciding import decide_all
from moderation.services.explaining import add_marks
from moderation.services.keeping import Scored, keep, placed
from moderation.storage import comments, leases, standings
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
    current = {o.job.id: _current(locked.get(o.job.comment_id), o.job.revision) for o in outcomes}
    # Done from here on, where this transaction commits.
    done = _end(connection, [o for o in outcomes if current[o.job.id]], JobState.DONE)
    # Else `retry` would try them for ever.
    _end(connection, [o for o in outcomes if not current[o.job.id]], JobState.CANCELLED)
    valid: defaultdict[Purpose, list[Scored]] = defaultdict(list)
    for outcome in outcomes:
        comment = current[outcome.job.id]
        if comment is not None and outcome.job.id in done:
            valid[outcome.job.purpose].append(placed(outcome, comment))
    return valid


def _end(connection: Connection, outcomes: Sequence[Outcome], state: JobState) -> set[JobId]:
    held = {outcome.job.id: outcome.job.token for outcome in outcomes}
    return leases.end(connection, held, state) if held else set()


def _current(comment: Comment | None, revision: int) -> Comment | None:
    if comment is None or comment.revision != revision or comment.status is Status.ERASED:
        return None
    return comment
