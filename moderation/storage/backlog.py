"""The backlog: what waits to be decided, and how fast it is worked off."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from moderation.model.jobs import Lane, Purpose
from moderation.storage.classifications import classifications
from moderation.storage.database import Connection
from moderation.storage.jobs import fresh, jobs

_c = jobs.c


def _fresh(lane: Lane) -> ColumnElement[bool]:
    return and_(fresh, _c.lane == lane, _c.purpose == Purpose.DECIDE)


def oldest(connection: Connection, lane: Lane) -> datetime | None:
    """Return since when the comment waits that nobody has tried and that waits the longest."""
    statement = select(_c.created_at).where(_fresh(lane)).order_by(_c.created_at).limit(1)
    return connection.execute(statement).scalar_one_or_none()


def count(connection: Connection, lane: Lane, most: int) -> int:
    """Count comments that nobody has tried to decide, up to `most`."""
    few = select(_c.lane).where(_fresh(lane)).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(few)).scalar_one()


def newest_classified(connection: Connection, limit: int) -> list[tuple[datetime, Purpose]]:
    """Return when the last comments were classified and what for, the newest first."""
    d = classifications.c
    statement = select(d.classified_at, d.purpose).order_by(d.id.desc()).limit(limit)
    return [(row.classified_at, Purpose(row.purpose)) for row in connection.execute(statement)]
