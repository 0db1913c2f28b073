"""What a shift is made of: how many comments came, were cleared and wait."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, and_, case, exists, func, select

from moderation.model.decisions import Action
from moderation.model.ids import SiteId, UserId, lowest_uuid
from moderation.storage.database import Connection
from moderation.storage.decisions import by_people, decisions, undoes_nothing
from moderation.storage.reviews import escalated, reviews, waiting

HOUR = timedelta(hours=1)

_r, _d = reviews.c, decisions.c
_undoing = decisions.alias("undoing")
_cleared = and_(
    by_people,
    _d.action.in_([Action.APPROVE, Action.REJECT]),
    _d.imported.is_(False),
    undoes_nothing(_d),
    ~exists().where(_undoing.c.undoes == _d.id),
)


def arrived(
    connection: Connection, site_ids: Collection[SiteId], hours: Sequence[datetime]
) -> list[int]:
    """Count the comments that began to wait in each of these hours, which are in order."""
    # Ids sort by time, and the clock that makes them may be a little ahead of the database's.
    recent = _r.id >= lowest_uuid(hours[0] - HOUR)
    return _by_hour(connection, _r.opened_at, hours, recent & _r.site_id.in_(site_ids))


def cleared(
    connection: Connection, site_ids: Collection[SiteId], hours: Sequence[datetime]
) -> list[int]:
    """Count what people approved or rejected in each of these hours, and did not take back."""
    of_people = (_d.decided_at >= hours[0]) & _d.site_id.in_(site_ids) & _cleared
    return _by_hour(connection, _d.decided_at, hours, of_people)


def cleared_by(
    connection: Connection, site_ids: Collection[SiteId], user_id: UserId, since: datetime
) -> int:
    """Count what somebody cleared since a moment."""
    statement = select(func.count()).where(
        _d.site_id.in_(site_ids),
        _d.user_id == user_id,
        _d.decided_at >= since,
        _cleared,
    )
    return connection.execute(statement).scalar_one()


def oldest(connection: Connection, site_ids: Collection[SiteId]) -> datetime | None:
    """Return since when the comment waits that waits the longest."""
    statement = select(func.min(_r.opened_at)).where(waiting, ~escalated, _r.site_id.in_(site_ids))
    found: datetime | None = connection.execute(statement).scalar_one()
    return found


def _by_hour(
    connection: Connection,
    moment: Column[datetime],
    hours: Sequence[datetime],
    condition: ColumnElement[bool],
) -> list[int]:
    starts = [(moment >= hour, place) for place, hour in reversed(list(enumerate(hours)))]
    place = case(*starts).label("place")
    statement = select(place, func.count().label("number")).where(condition).group_by(place)
    found = {row.place: row.number for row in connection.execute(statement)}
    return [found.get(place, 0) for place in range(len(hours))]
