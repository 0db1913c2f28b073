"""Lateness: sites whose oldest comment waits too long for a person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moderation.model.errors import InvalidInput
from moderation.model.ids import SiteId
from moderation.model.notifications import MOST_MINUTES
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services.sites import change_columns
from moderation.storage import lateness
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Late:
    """A site where a comment waits for over `minutes`, since `oldest`."""

    site_id: SiteId
    title: str
    minutes: int
    oldest: datetime


def late_sites(
    connection: Connection, site_ids: Collection[SiteId] | None, now: datetime
) -> tuple[Late, ...]:
    """Return which of these sites are late, or of all; by name."""
    rows = lateness.oldest_of_each(connection, site_ids)
    return tuple(
        Late(row.id, row.title, row.warn_minutes, row.oldest) for row in rows if is_late(row, now)
    )


def is_late(row: Any, now: datetime) -> bool:  # noqa: ANN401 - a row of storage.lateness
    """Say whether the oldest comment of a site waits longer than it should."""
    if row.warn_minutes == 0 or row.oldest is None:
        return False
    return bool(now - row.oldest > timedelta(minutes=row.warn_minutes))


def change_warning(runtime: Runtime, name: str, minutes: int) -> Site:
    """Warn of a site from so many minutes on, or never (0). Raises NotFound, InvalidInput."""
    if not 0 <= minutes <= MOST_MINUTES:
        raise InvalidInput(f"Take 0 to {MOST_MINUTES} minutes; with 0 nobody is warned.")
    return change_columns(runtime, name, "site-warn", {"warn_minutes": minutes})
