"""Claiming: workers take jobs under a lease, the attempt committed before the run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from moderation.model.comments import Format
from moderation.model.ids import JobId
from moderation.model.jobs import ClaimedJob, JobState, Lane, Purpose
from moderation.model.languages import primary
from moderation.runtime import Runtime
from moderation.storage import claimed, jobs, leases
from moderation.storage.database import Connection

OVERLOOKED = timedelta(seconds=1)
"""A job that Redis did not hand out in this time is looked up in the database."""

FORGOTTEN = timedelta(seconds=30)
"""Even where Redis hands out full batches, some seats are for jobs that waited this long."""

FORGOTTEN_SHARE = 4
"""One seat in so many: what a Redis lost is decided soon even while more comes than goes."""

MAX_LEASE = timedelta(minutes=10)
"""No lease is longer: one further away was written by a clock gone wrong."""

MAX_PAUSE = timedelta(seconds=30)
"""The longest wait before a job that failed is tried again."""

MAX_ATTEMPTS = 4
"""One in a batch and three alone; a comment that killed all of them is a person's to judge."""


PATIENCE = timedelta(minutes=15)
"""How long a job waits for a classifier that is away; after that, a person judges it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Jobs held by one worker under one token."""

    token: UUID
    jobs: tuple[ClaimedJob, ...]


def claim_batch(  # noqa: PLR0913 - one of each that a worker says
    runtime: Runtime,
    lane: Lane,
    popped: Sequence[JobId],
    size: int,
    lease: timedelta,
    *,
    running: str | None = None,
    fill: bool = True,
) -> Claim:
    """Claim the popped jobs that are still fresh, and with `fill` also some from the database.

    A popped id whose claim fails is dropped: somebody else has it, or it is over. To fill, the
    database's oldest jobs take the seats that Redis left empty, and some where it left none; who
    has looked a moment ago need not look again. `running` is the classifier version of this
    worker, whose policies say what is routed.
    Raises StorageUnavailable; then nothing is claimed.
    """
    token = uuid4()
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        held = leases.Lease(token, now + lease)
        rows = leases.take_by_id(connection, popped, held) if popped else []
        if fill:
            waited = FORGOTTEN if len(popped) >= size else OVERLOOKED
            seats = max(size - len(rows), size // FORGOTTEN_SHARE, 1)
            rows += leases.take_oldest(connection, lane, now - waited, seats, held)
        # The longest waiting first: what is cut off an overlong batch must not be always the same.
        rows.sort(key=lambda row: row.created_at)
        return Claim(token, _with_texts(connection, rows, running))


def claim_expired(runtime: Runtime, lease: timedelta, *, running: str | None = None) -> Claim:
    """Claim the one job whose lease ran out first. Raises StorageUnavailable."""
    token = uuid4()
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        held = leases.Lease(token, now + lease)
        rows = leases.take_expired(connection, now, now + MAX_LEASE, held)
        return Claim(token, _with_texts(connection, rows, running))


def claim_overdue(runtime: Runtime, patience: timedelta, size: int, lease: timedelta) -> Claim:
    """Claim some of what has waited to be decided for so long, of any lane, tried or not.

    At most `size` that nobody has tried. Raises StorageUnavailable.
    """
    token = uuid4()
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        held, since = leases.Lease(token, now + lease), now - patience
        rows: list[Any] = []
        for lane in Lane:
            rows += leases.take_fresh_overdue(connection, lane, since, size - len(rows), held)
        rows += leases.take_expired_overdue(connection, now, now + MAX_LEASE, since, held)
        return Claim(token, _with_texts(connection, rows, None))


def renew(runtime: Runtime, token: UUID, lease: timedelta) -> None:
    """Push a claim's lease further out, while its work goes on."""
    with runtime.transaction() as connection:
        leases.renew(connection, token, runtime.database_now(connection) + lease)


def release(runtime: Runtime, job: ClaimedJob) -> None:
    """Give a job up that failed: `retry` takes it alone, after a pause that grows.

    What was wrong with the machine for a moment must not use up every attempt of a comment.
    """
    pause = min(timedelta(seconds=2**job.attempts), MAX_PAUSE)
    with runtime.transaction() as connection:
        at = runtime.database_now(connection) + pause
        leases.release(connection, job.token, [job.id], at)


def hand_back(runtime: Runtime, token: UUID, job_ids: Sequence[JobId]) -> None:
    """Give back jobs that were claimed and not begun, as if they had not been claimed."""
    with runtime.transaction() as connection:
        leases.hand_back(connection, token, job_ids, runtime.database_now(connection))


def call_off(runtime: Runtime, called_off: Sequence[ClaimedJob]) -> None:
    """Cancel held jobs that this worker cannot do."""
    with runtime.transaction() as connection:
        held = {job.id: job.token for job in called_off}
        leases.end(connection, held, JobState.CANCELLED)


def work_waits(runtime: Runtime) -> tuple[bool, bool]:
    """Say whether fresh jobs wait that Redis may have lost, and whether leases ran out."""
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        return (
            bool(jobs.fresh_lanes(connection, now - OVERLOOKED)),
            leases.has_expired(connection, now, now + MAX_LEASE),
        )


def overlooked_lanes(runtime: Runtime) -> set[Lane]:
    """Return the lanes on which fresh jobs wait that Redis may have lost."""
    with runtime.reading() as connection:
        return jobs.fresh_lanes(connection, runtime.database_now(connection) - OVERLOOKED)


def _with_texts(
    connection: Connection, rows: Sequence[Any], running: str | None
) -> tuple[ClaimedJob, ...]:
    ids = [row.comment_id for row in rows]
    found = claimed.by_ids(connection, ids, running) if ids else {}
    return tuple(_claimed(row, found[row.comment_id]) for row in rows)


def _claimed(row: Any, comment: Any) -> ClaimedJob:  # noqa: ANN401 - rows of jobs and of storage.claimed
    return ClaimedJob(
        id=row.id,
        token=row.token,
        comment_id=row.comment_id,
        site_id=row.site_id,
        revision=row.revision,
        classifier=row.classifier,
        purpose=Purpose(row.purpose),
        lane=Lane(row.lane),
        attempts=row.attempts,
        text=comment.text or "",
        format=Format(comment.format),
        said_language=primary(comment.language),
        site_language=comment.languages[0],
        route=(comment.other_languages or {}).get("classifier"),
        head=comment.head_id,
    )
