"""Leases on jobs: who works on which, until when, and under which token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Row, Select, Uuid, and_, bindparam, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from moderation.model.ids import JobId
from moderation.model.jobs import JobState, Lane, Purpose
from moderation.storage.database import Connection
from moderation.storage.given import Among, Given
from moderation.storage.jobs import fresh, jobs, queued, started

_c = jobs.c

# Statements that every batch runs are made once: to make one takes longer than to run it.
_NAMED = select(_c.id, _c.state, _c.attempts).where(Among(_c.id, "job_ids"))
_OLDEST_FRESH = (
    select(_c.id)
    .where(fresh, _c.lane == bindparam("of_lane"), _c.created_at < bindparam("created_before"))
    .order_by(_c.purpose, _c.created_at)
    .limit(bindparam("limit"))
)
_expired = and_(
    started,
    # A lease further away than any lease can be was written by a clock gone wrong.
    or_(_c.lease_until <= bindparam("now"), _c.lease_until > bindparam("latest_lease")),
)
_OLDEST_EXPIRED = select(_c.id).where(_expired).order_by(_c.lease_until).limit(1)
_to_decide = and_(_c.purpose == Purpose.DECIDE, _c.created_at < bindparam("created_before"))
# One lane at a time, in the order of the index: all of a long backlog would be sorted otherwise.
_FRESH_OVERDUE = (
    select(_c.id)
    .where(fresh, _c.lane == bindparam("of_lane"), _to_decide)
    .order_by(_c.created_at)
    .limit(bindparam("limit"))
)
_MOST_EXPIRED = 64
_EXPIRED_OVERDUE = (
    select(_c.id).where(_expired, _to_decide).order_by(_c.lease_until).limit(_MOST_EXPIRED)
)


def _locked(chosen: Select[Any]) -> CTE:
    # Chosen once, in a CTE: as a plain subquery PostgreSQL may run it again for every row.
    return chosen.with_for_update(skip_locked=True).cte("chosen")


def _leasing(ids: Select[tuple[UUID]]) -> ReturningUpdate[Any]:
    return (
        update(jobs)
        .where(_c.id.in_(ids))
        .values(lease_until=bindparam("until"), token=bindparam("by"), attempts=_c.attempts + 1)
        .returning(jobs)
    )


def _leasing_fresh(named: CTE) -> ReturningUpdate[Any]:
    # Asked of what is locked already: together with the ids PostgreSQL, which knows of hardly any
    # fresh job where the queue was empty when it last counted, would read the index of all of them.
    untried = and_(named.c.state == JobState.QUEUED, named.c.attempts == 0)
    return _leasing(select(named.c.id).where(untried))


_LEASE_BY_ID = _leasing_fresh(_locked(_NAMED))
_LEASE_OLDEST, _LEASE_EXPIRED, _LEASE_FRESH_OVERDUE, _LEASE_EXPIRED_OVERDUE = (
    _leasing(select(_locked(chosen).c.id))
    for chosen in (_OLDEST_FRESH, _OLDEST_EXPIRED, _FRESH_OVERDUE, _EXPIRED_OVERDUE)
)
_HELD = Given("held", {"id": Uuid(), "token": Uuid()})


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


def take_by_id(connection: Connection, job_ids: Sequence[JobId], lease: Lease) -> list[Row[Any]]:
    """Take those of these jobs that nobody has tried yet under a lease, one attempt more.

    As in the others, jobs that somebody else is taking just now are passed over.
    """
    return _take(connection, _LEASE_BY_ID, lease, job_ids=job_ids)


def take_oldest(
    connection: Connection, lane: Lane, created_before: datetime, limit: int, lease: Lease
) -> list[Row[Any]]:
    """Take the oldest untried jobs of a lane under a lease, one attempt more.

    Those of an earlier purpose go first, however old others are.
    """
    values = {"of_lane": lane, "created_before": created_before, "limit": limit}
    return _take(connection, _LEASE_OLDEST, lease, **values)


def take_expired(
    connection: Connection, now: datetime, latest_lease: datetime, lease: Lease
) -> list[Row[Any]]:
    """Take the job whose lease ran out first under a lease, one attempt more."""
    return _take(connection, _LEASE_EXPIRED, lease, now=now, latest_lease=latest_lease)


def take_fresh_overdue(
    connection: Connection, lane: Lane, created_before: datetime, limit: int, lease: Lease
) -> list[Row[Any]]:
    """Take untried jobs of a lane that should be decided by now under a lease."""
    values = {"of_lane": lane, "created_before": created_before, "limit": limit}
    return _take(connection, _LEASE_FRESH_OVERDUE, lease, **values)


def take_expired_overdue(
    connection: Connection,
    now: datetime,
    latest_lease: datetime,
    created_before: datetime,
    lease: Lease,
) -> list[Row[Any]]:
    """Take some jobs that should be decided by now and whose lease ran out under a lease."""
    values = {"now": now, "latest_lease": latest_lease, "created_before": created_before}
    return _take(connection, _LEASE_EXPIRED_OVERDUE, lease, **values)


def _take(
    connection: Connection,
    statement: ReturningUpdate[Any],
    lease: Lease,
    **values: Any,  # noqa: ANN401 - bound values
) -> list[Row[Any]]:
    return list(connection.execute(statement, {"until": lease.until, "by": lease.token, **values}))


def renew(connection: Connection, token: UUID, until: datetime) -> None:
    """Push the lease of all jobs held under this token further out."""
    connection.execute(update(jobs).where(started, _c.token == token).values(lease_until=until))


def release(connection: Connection, token: UUID, job_ids: Sequence[JobId], at: datetime) -> None:
    """Let leases run out at a moment, so that these jobs are tried again one at a time then."""
    connection.execute(
        update(jobs)
        .where(started, _c.token == token, _c.id.in_(job_ids))
        .values(lease_until=at, token=None)
    )


def hand_back(connection: Connection, token: UUID, job_ids: Sequence[JobId], at: datetime) -> None:
    """Undo a claim whose work was not begun; what was tried before may be claimed from `at` on."""
    connection.execute(
        update(jobs)
        .where(_c.token == token, _c.id.in_(job_ids), _c.state == JobState.QUEUED)
        .values(token=None, lease_until=at, attempts=_c.attempts - 1)
    )


def end(connection: Connection, held: Mapping[JobId, UUID], state: JobState) -> set[JobId]:
    """End those jobs that are still held under the given tokens, and return their ids.

    What the caller writes for them counts with it, or not at all: nobody else can end them.
    """
    rows = [{"id": job_id, "token": token} for job_id, token in sorted(held.items())]
    values = {"ended": state} | _HELD.parameter(connection.dialect, rows)
    return set(connection.execute(_end(connection.dialect.name), values).scalars())


@cache
def _end(dialect: str) -> ReturningUpdate[Any]:
    held = _HELD.table(dialect)
    return (
        update(jobs)
        .where(_c.id == held.c.id, _c.token == held.c.token, queued)
        .values(state=bindparam("ended"), token=None, lease_until=None)
        .returning(_c.id)
    )


def has_expired(connection: Connection, now: datetime, latest_lease: datetime) -> bool:
    """Say whether the lease of a tried job ran out."""
    values = {"now": now, "latest_lease": latest_lease}
    return connection.execute(_OLDEST_EXPIRED, values).first() is not None
