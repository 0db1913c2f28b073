"""Jobs, their leases and tokens."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from moderation.model.ids import CommentId, JobId
from moderation.model.jobs import JobState, Lane, Purpose
from moderation.storage.database import Connection
from moderation.storage.schema import enum_column, id_column, metadata, moment, reference

jobs = Table(
    "jobs",
    metadata,
    id_column(),
    reference("comment_id", "comments"),
    reference("site_id", "sites"),
    Column("revision", Integer, nullable=False),
    Column("classifier", String(100), nullable=False),
    enum_column("purpose", Purpose, default=Purpose.DECIDE),
    enum_column("lane", Lane, default=Lane.LIVE),
    enum_column("state", JobState, default=JobState.QUEUED),
    Column("attempts", Integer, nullable=False, default=0),
    moment("lease_until", nullable=True),
    Column("token", Uuid),
    moment("created_at"),
    UniqueConstraint("comment_id", "revision", "classifier", "purpose"),
)

_c = jobs.c
_queued = _c.state == JobState.QUEUED
_fresh = and_(_queued, _c.attempts == 0)
_started = and_(_queued, _c.attempts > 0)

Index(
    "ix_jobs_fresh",
    _c.lane,
    # `decide` sorts first: nobody's comment waits behind history.
    _c.purpose,
    _c.created_at,
    sqlite_where=_fresh,
    postgresql_where=_fresh,
)
_rescoring = _c.purpose == Purpose.RESCORE
Index(
    "ix_jobs_history",
    _c.site_id,
    _c.classifier,
    _c.state,
    sqlite_where=_rescoring,
    postgresql_where=_rescoring,
)
Index("ix_jobs_started", _c.lease_until, sqlite_where=_started, postgresql_where=_started)


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert jobs."""
    connection.execute(insert(jobs), list(rows))


# Statements that every batch runs are made once: to make one takes longer than to run it.
_among = _c.id.in_(bindparam("job_ids", expanding=True))
_FRESH_BY_ID = select(_c.id).where(_fresh, _among)
_OLDEST_FRESH = (
    select(_c.id)
    .where(_fresh, _c.lane == bindparam("of_lane"), _c.created_at < bindparam("created_before"))
    .order_by(_c.purpose, _c.created_at)
    .limit(bindparam("limit"))
)
_expired = and_(
    _started,
    # A lease further away than any lease can be was written by a clock gone wrong.
    or_(_c.lease_until <= bindparam("now"), _c.lease_until > bindparam("latest_lease")),
)
_OLDEST_EXPIRED = select(_c.id).where(_expired).order_by(_c.lease_until).limit(1)
_ALL_EXPIRED = (
    select(_c.id)
    .where(_expired, _c.created_at < bindparam("created_before"))
    .order_by(_c.lease_until)
)


def _leasing(chosen: Select[tuple[UUID]]) -> ReturningUpdate[Any]:
    # Chosen once, in a CTE: as a plain subquery PostgreSQL may run it again for every row.
    locked = chosen.with_for_update(skip_locked=True).cte("chosen")
    return (
        update(jobs)
        .where(_c.id.in_(select(locked.c.id)))
        .values(lease_until=bindparam("until"), token=bindparam("by"), attempts=_c.attempts + 1)
        .returning(jobs)
    )


_LEASE_BY_ID, _LEASE_OLDEST, _LEASE_EXPIRED, _LEASE_ALL_EXPIRED = map(
    _leasing, (_FRESH_BY_ID, _OLDEST_FRESH, _OLDEST_EXPIRED, _ALL_EXPIRED)
)
_LOCK_HELD = select(_c.id, _c.token).where(_among, _queued).order_by(_c.id).with_for_update()
_FINISH = update(jobs).where(_among).values(state=JobState.DONE, token=None, lease_until=None)
_CANCELLED = {"state": JobState.CANCELLED, "token": None, "lease_until": None}


@dataclass(frozen=True, slots=True)
class Lease:
    """Under which token jobs are taken, and until when."""

    token: UUID
    until: datetime


def oldest_fresh(
    connection: Connection, lane: Lane, created_before: datetime, limit: int
) -> list[JobId]:
    """Return the oldest untried jobs of a lane, by purpose."""
    values = {"of_lane": lane, "created_before": created_before, "limit": limit}
    return list(connection.execute(_OLDEST_FRESH, values).scalars())


def lease_by_id(connection: Connection, job_ids: Sequence[JobId], lease: Lease) -> list[Row[Any]]:
    """Take those of these jobs that nobody has tried yet under a lease, one attempt more.

    As in the other three, jobs that somebody else is taking just now are passed over.
    """
    return _take(connection, _LEASE_BY_ID, lease, job_ids=job_ids)


def lease_oldest(
    connection: Connection, lane: Lane, created_before: datetime, limit: int, lease: Lease
) -> list[Row[Any]]:
    """Take the oldest untried jobs of a lane under a lease, one attempt more.

    Those of an earlier purpose go first, however old others are.
    """
    values = {"of_lane": lane, "created_before": created_before, "limit": limit}
    return _take(connection, _LEASE_OLDEST, lease, **values)


def lease_expired(
    connection: Connection, now: datetime, latest_lease: datetime, lease: Lease
) -> list[Row[Any]]:
    """Take the job whose lease ran out first under a lease, one attempt more."""
    return _take(connection, _LEASE_EXPIRED, lease, now=now, latest_lease=latest_lease)


def lease_all_expired(
    connection: Connection,
    now: datetime,
    latest_lease: datetime,
    created_before: datetime,
    lease: Lease,
) -> list[Row[Any]]:
    """Take all jobs of before a moment whose lease ran out under a lease, one attempt more."""
    values = {"now": now, "latest_lease": latest_lease, "created_before": created_before}
    return _take(connection, _LEASE_ALL_EXPIRED, lease, **values)


def _take(
    connection: Connection,
    statement: ReturningUpdate[Any],
    lease: Lease,
    **values: Any,  # noqa: ANN401 - bound values
) -> list[Row[Any]]:
    return list(connection.execute(statement, {"until": lease.until, "by": lease.token, **values}))


def renew(connection: Connection, token: UUID, until: datetime) -> None:
    """Push the lease of all jobs held under this token further out."""
    connection.execute(update(jobs).where(_started, _c.token == token).values(lease_until=until))


def release(connection: Connection, token: UUID, job_ids: Sequence[JobId], at: datetime) -> None:
    """Let leases run out at a moment, so that these jobs are tried again one at a time then."""
    connection.execute(
        update(jobs)
        .where(_started, _c.token == token, _c.id.in_(job_ids))
        .values(lease_until=at, token=None)
    )


def hand_back(connection: Connection, token: UUID, job_ids: Sequence[JobId], at: datetime) -> None:
    """Undo a claim whose work was not begun; what was tried before may be claimed from `at` on."""
    connection.execute(
        update(jobs)
        .where(_c.token == token, _c.id.in_(job_ids), _c.state == JobState.QUEUED)
        .values(token=None, lease_until=at, attempts=_c.attempts - 1)
    )


def lock_held(connection: Connection, held: Mapping[JobId, UUID]) -> set[JobId]:
    """Lock those jobs that are still held under the given tokens, and return their ids."""
    rows = connection.execute(_LOCK_HELD, {"job_ids": list(held)})
    return {row.id for row in rows if row.token == held[row.id]}


def finish(connection: Connection, job_ids: Sequence[JobId]) -> None:
    """Mark jobs as done."""
    connection.execute(_FINISH, {"job_ids": job_ids})


def cancel(
    connection: Connection, comment_id: CommentId, purposes: Collection[Purpose] = tuple(Purpose)
) -> None:
    """Cancel what is still to be done for a comment: whoever works on it is fenced off."""
    connection.execute(
        update(jobs)
        .where(_c.comment_id == comment_id, _queued, _c.purpose.in_(purposes))
        .values(_CANCELLED)
    )


def call_off(connection: Connection, job_ids: Sequence[JobId]) -> None:
    """Mark jobs as cancelled that the caller holds and has locked."""
    connection.execute(update(jobs).where(_c.id.in_(job_ids)).values(_CANCELLED))


def has_fresh(connection: Connection, created_before: datetime) -> bool:
    """Say whether an untried job of any lane is older than this."""
    statement = (
        select(_c.id)
        # Each of both, so that the index serves up to the moment.
        .where(
            _fresh,
            _c.lane.in_(list(Lane)),
            _c.purpose.in_(list(Purpose)),
            _c.created_at < created_before,
        )
        .limit(1)
    )
    return connection.execute(statement).first() is not None


def has_expired(connection: Connection, now: datetime, latest_lease: datetime) -> bool:
    """Say whether the lease of a tried job ran out."""
    values = {"now": now, "latest_lease": latest_lease}
    return connection.execute(_OLDEST_EXPIRED, values).first() is not None
