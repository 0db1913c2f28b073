"""Jobs: what is to be classified, and why. Who works on one, storage/leases.py keeps."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    and_,
    bindparam,
    exists,
    literal_column,
    select,
    update,
)

from moderation.model.ids import CommentId, JobId
from moderation.model.jobs import JobState, Lane, Purpose
from moderation.storage.database import Connection
from moderation.storage.inserting import insert_all
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
# As constants: with parameters PostgreSQL may keep a plan that cannot use the indexes of these.
_none = literal_column("0", Integer)
queued = _c.state == literal_column(f"'{JobState.QUEUED}'")
fresh = and_(queued, _c.attempts == _none)
started = and_(queued, _c.attempts > _none)

Index(
    "ix_jobs_fresh",
    _c.lane,
    # `decide` sorts first: nobody's comment waits behind history.
    _c.purpose,
    _c.created_at,
    sqlite_where=fresh,
    postgresql_where=fresh,
)
for _name, _purpose in (("ix_jobs_history", Purpose.RESCORE), ("ix_jobs_shadow", Purpose.SHADOW)):
    _of_it = _c.purpose == _purpose
    Index(
        _name,
        *(_c.site_id, _c.classifier, _c.state),
        sqlite_where=_of_it,
        postgresql_where=_of_it,
    )
Index("ix_jobs_started", _c.lease_until, sqlite_where=started, postgresql_where=started)


def _has_fresh(lane: Lane) -> ColumnElement[bool]:
    # Of each purpose, so that the index serves up to the moment.
    one = _c.purpose.in_(list(Purpose))
    return exists().where(fresh, _c.lane == lane, one, _c.created_at < bindparam("created_before"))


_FRESH_LANES = select(*map(_has_fresh, Lane))


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert jobs."""
    insert_all(connection, jobs, rows)


_CANCELLED = {"state": JobState.CANCELLED, "token": None, "lease_until": None}


def cancel(
    connection: Connection, comment_id: CommentId, purposes: Collection[Purpose] = tuple(Purpose)
) -> None:
    """Cancel what is still to be done for a comment: whoever works on it is fenced off."""
    connection.execute(
        update(jobs)
        .where(_c.comment_id == comment_id, queued, _c.purpose.in_(purposes))
        .values(_CANCELLED)
    )


def call_off(connection: Connection, job_ids: Sequence[JobId]) -> None:
    """Mark jobs as cancelled that the caller has locked."""
    connection.execute(update(jobs).where(_c.id.in_(job_ids)).values(_CANCELLED))


def fresh_lanes(connection: Connection, created_before: datetime) -> set[Lane]:
    """Return the lanes on which an untried job is older than this."""
    found = connection.execute(_FRESH_LANES, {"created_before": created_before}).one()
    return {lane for lane, waits in zip(Lane, found, strict=True) if waits}
