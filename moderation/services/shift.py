"""The shift: how a team stands, and nobody's rank in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from moderation.model.desk import EVERYTHING, Filter
from moderation.model.drift import Drift
from moderation.model.ids import CommentId, SiteId
from moderation.model.people import User
from moderation.model.reviews import Claim
from moderation.runtime import Runtime
from moderation.services.capped_sites import Capped, capped_sites
from moderation.services.drift import latest_drifts
from moderation.services.lateness import Late, late_sites
from moderation.services.parts import part_for, seen_by
from moderation.storage import claims, queue, sessions, shift, users
from moderation.storage.database import Connection

HOURS = 24
MOST_COUNTED = 1000
"""Beyond this the page says "1,000+": counting further costs more than it tells."""
ON = timedelta(minutes=5)
"""Who clicked within this is on."""


@dataclass(frozen=True, slots=True)
class Hour:
    """How many comments came to the queue in one hour, and how many people cleared."""

    begins: datetime
    arrived: int
    cleared: int


@dataclass(frozen=True, slots=True)
class Shift:
    """The last day of some sites, what waits there, who is on, and one's own count of today."""

    hours: tuple[Hour, ...]
    waiting: int
    overdue: int
    oldest: datetime | None
    claims: tuple[tuple[CommentId, Claim], ...]
    on: tuple[tuple[User, datetime], ...]
    mine: int
    late: tuple[Late, ...]
    capped: tuple[Capped, ...]
    drifted: tuple[tuple[SiteId, Drift], ...]
    """Where the share flagged was not as usual yesterday, or is not today."""


def read_shift(
    runtime: Runtime, user: User, site_ids: Collection[SiteId], zone: tzinfo = UTC
) -> Shift:
    """Return how these sites stand; a day begins at midnight in the zone.

    Raises StorageUnavailable.
    """
    seen = seen_by(user, site_ids)
    with runtime.reading() as connection:
        part = part_for(runtime, connection, user, seen, EVERYTHING)
        now = part.onlooker.now
        hour = now.replace(minute=0, second=0, microsecond=0)
        hours = [hour - timedelta(hours=back) for back in reversed(range(HOURS))]
        arrived = shift.arrived(connection, seen, hours)
        cleared = shift.cleared(connection, seen, hours)
        return Shift(
            hours=tuple(map(Hour, [one.astimezone(zone) for one in hours], arrived, cleared)),
            waiting=queue.count(connection, seen, part.seeking(EVERYTHING), MOST_COUNTED),
            overdue=queue.count(connection, seen, part.seeking(Filter(overdue=True)), MOST_COUNTED),
            oldest=shift.oldest(connection, seen),
            claims=tuple(
                (CommentId(row.comment_id), Claim(row.claimed_by, row.name, row.claimed_at))
                for row in claims.at_sites(connection, seen, now)
            ),
            on=_on(connection, seen, runtime.clock.now()),
            mine=shift.cleared_by(connection, seen, user.id, _midnight(now, zone)),
            late=late_sites(connection, seen, now),
            capped=capped_sites(connection, seen, now),
            drifted=_drifted(connection, seen, now),
        )


def _midnight(now: datetime, zone: tzinfo) -> datetime:
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return today.astimezone(UTC)


def _drifted(
    connection: Connection, site_ids: Collection[SiteId], now: datetime
) -> tuple[tuple[SiteId, Drift], ...]:
    latest = latest_drifts(connection, site_ids, now)
    return tuple((site_id, drift) for site_id, some in latest.items() for drift in some)


def _on(
    connection: Connection, site_ids: Collection[SiteId], now: datetime
) -> tuple[tuple[User, datetime], ...]:
    """Return who of these sites' people was active lately, and when last, by name."""
    lately = sessions.seen_since(connection, now - ON)
    return tuple(
        (one, lately[one.id])
        for one in users.active(connection)
        if one.id in lately and any(one.sees(site_id) for site_id in site_ids)
    )
