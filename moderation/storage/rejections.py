"""Rejections: how many comments automation rejected lately, and where it may reject no more."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from moderation.model.decisions import Action, ReasonKind
from moderation.model.ids import SiteId
from moderation.storage.database import Connection
from moderation.storage.decisions import by_automation, decisions
from moderation.storage.sites import sites

_d, _s = decisions.c, sites.c


def but_bans(connection: Connection, site_id: SiteId, since: datetime, most: int) -> int:
    """Count what scores and rules have rejected at a site since a moment, up to `most`."""
    some = (
        select(_d.id)
        .where(
            _d.site_id == site_id,
            by_automation,
            _d.action == Action.REJECT,
            _d.decided_at > since,
            _d.reasons[0]["kind"].as_string() != ReasonKind.AUTHOR_BANNED,
        )
        .limit(most)
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def capped_since(connection: Connection, since: datetime) -> list[Row[Any]]:
    """Return the sites at which the cap was reached since a moment, by name."""
    statement = (
        select(_s.id, _s.name, _s.title, _s.rejections_an_hour, _s.capped_at, _s.cap_told_at)
        .where(_s.disabled_at.is_(None), _s.capped_at > since)
        .order_by(_s.name)
    )
    return list(connection.execute(statement))


def note_told(
    connection: Connection, site_id: SiteId, told_before: datetime | None, now: datetime
) -> bool:
    """Note that operators are told of the cap; False where somebody else just did."""
    same = (_s.id == site_id) & _s.cap_told_at.is_not_distinct_from(told_before)
    return connection.execute(update(sites).where(same).values(cap_told_at=now)).rowcount == 1
