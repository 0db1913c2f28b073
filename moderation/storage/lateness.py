"""How long the oldest comment of a site waits for a person, and since when others do."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select, update

from moderation.model.ids import SiteId
from moderation.storage.database import Connection
from moderation.storage.queue import Part
from moderation.storage.reviews import reviews, waiting
from moderation.storage.sites import sites

_r, _s = reviews.c, sites.c
_oldest = (
    select(func.min(_r.opened_at))
    .where(_r.site_id == _s.id, waiting)
    .scalar_subquery()
    .label("oldest")
)


def oldest_of_each(
    connection: Connection, site_ids: Collection[SiteId] | None = None
) -> list[Row[Any]]:
    """Return each site with the moment since when its oldest comment waits, by name."""
    statement = select(_s.id, _s.name, _s.title, _s.warn_minutes, _s.warned_at, _oldest)
    statement = statement.where(_s.disabled_at.is_(None))
    if site_ids is not None:
        statement = statement.where(_s.id.in_(site_ids))
    return list(connection.execute(statement.order_by(_s.name)))


def oldest(connection: Connection) -> datetime | None:
    """Return since when the comment waits that waits the longest, of all sites."""
    found = connection.execute(select(_oldest).select_from(sites)).scalars()
    return min((moment for moment in found if moment is not None), default=None)


def begin_episode(connection: Connection, site_id: SiteId, now: datetime) -> bool:
    """Note that operators are warned; False where somebody else just did."""
    unwarned = (_s.id == site_id) & _s.warned_at.is_(None)
    changed = connection.execute(update(sites).where(unwarned).values(warned_at=now))
    return changed.rowcount == 1


def end_episode(connection: Connection, site_id: SiteId) -> None:
    """Note that nothing waits too long any more."""
    connection.execute(update(sites).where(_s.id == site_id).values(warned_at=None))


def new_since(
    connection: Connection, site_ids: Collection[SiteId], parts: Sequence[Part], since: datetime
) -> tuple[int, datetime | None]:
    """Count what came to wait since a moment in these parts, and say since when the first does."""
    statement = select(func.count(), func.min(_r.opened_at)).where(
        waiting,
        _r.site_id.in_(site_ids),
        _r.opened_at > since,
        or_(*(part.holds() for part in parts)),
    )
    number, first = connection.execute(statement).one()
    return number, first
