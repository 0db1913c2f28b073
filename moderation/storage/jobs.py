"""Jobs, their leases and tokens."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    and_,
    insert,
    or_,
    select,
    update,
)

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
_fresh = and_(_c.state == JobState.QUEUED, _c.attempts == 0)
_started = and_(_c.state == JobState.QUEUED, _c.attempts > 0)

Index(
    "ix_jobs_fresh",
    _c.lane,
    _c.created_at,
    sqlite_where=_fresh,
    postgresql_where=_fresh,
)
Index("ix_jobs_started", _c.lease_until, sqlite_where=_started, postgresql_where=_started)


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert jobs."""
    connection.execute(insert(jobs), list(rows))


def fresh_by_id(job_ids: Sequence[JobId]) -> Select[tuple[UUID]]:
    """Select those of these jobs that nobody has tried yet."""
    return select(_c.id).where(_fresh, _c.id.in_(job_ids))


def oldest_fresh(lane: Lane, created_before: datetime, limit: int) -> Select[tuple[UUID]]:
    """Select the oldest untried jobs of a lane."""
    return (
        select(_c.id)
        .where(_fresh, _c.lane == lane, _c.created_at < created_before)
        .order_by(_c.created_at)
        .limit(limit)
    )


def oldest_expired(now: datetime, latest_lease: datetime) -> Select[tuple[UUID]]:
    """Select the job whose lease ran out first."""
    return (
        select(_c.id).where(_started, _expired(now, latest_lease)).order_by(_c.lease_until).limit(1)
    )


def lease(
    connection: Connection, chosen: Select[tuple[UUID]], token: UUID, until: datetime
) -> list[Row[Any]]:
    """Take the chosen jobs under a lease, one attempt more; others' jobs are passed over."""
    # Chosen once, in a CTE: as a plain subquery PostgreSQL may run it again for every row.
    locked = chosen.with_for_update(skip_locked=True).cte("chosen")
    return list(
        connection.execute(
            update(jobs)
            .where(_c.id.in_(select(locked.c.id)))
            .values(lease_until=until, token=token, attempts=_c.attempts + 1)
            .returning(jobs)
        )
    )


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


def hand_back(connection: Connection, token: UUID, job_ids: Sequence[JobId]) -> None:
    """Undo a claim whose work was not begun."""
    connection.execute(
        update(jobs)
        .where(_c.token == token, _c.id.in_(job_ids), _c.state == JobState.QUEUED)
        .values(token=None, lease_until=None, attempts=_c.attempts - 1)
    )


def lock_held(connection: Connection, held: Mapping[JobId, UUID]) -> set[JobId]:
    """Lock those jobs that are still held under the given tokens, and return their ids."""
    rows = connection.execute(
        select(_c.id, _c.token)
        .where(_c.id.in_(list(held)), _c.state == JobState.QUEUED)
        .order_by(_c.id)
        .with_for_update()
    )
    return {row.id for row in rows if row.token == held[row.id]}


def finish(connection: Connection, job_ids: Sequence[JobId]) -> None:
    """Mark jobs as done."""
    connection.execute(
        update(jobs)
        .where(_c.id.in_(job_ids))
        .values(state=JobState.DONE, token=None, lease_until=None)
    )


def cancel(connection: Connection, comment_id: CommentId) -> None:
    """Cancel what is still to be done for a comment: whoever works on it is fenced off."""
    connection.execute(
        update(jobs)
        .where(_c.comment_id == comment_id, _c.state == JobState.QUEUED)
        .values(state=JobState.CANCELLED, token=None, lease_until=None)
    )


def has_fresh(connection: Connection, created_before: datetime) -> bool:
    """Say whether an untried job of any lane is older than this."""
    statement = (
        select(_c.id)
        .where(_fresh, _c.lane.in_(list(Lane)), _c.created_at < created_before)
        .limit(1)
    )
    return connection.execute(statement).first() is not None


def has_expired(connection: Connection, now: datetime, latest_lease: datetime) -> bool:
    """Say whether the lease of a tried job ran out."""
    return connection.execute(oldest_expired(now, latest_lease)).first() is not None


def _expired(now: datetime, latest_lease: datetime) -> ColumnElement[bool]:
    # A lease further away than any lease can be was written by a clock gone wrong.
    return or_(_c.lease_until <= now, _c.lease_until > latest_lease)
