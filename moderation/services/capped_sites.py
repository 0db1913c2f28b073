"""Capped sites: where automation would have rejected more than it may, lately."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moderation.model.ids import SiteId
from moderation.storage import rejections
from moderation.storage.database import Connection

LATELY = timedelta(hours=24)
"""For so long pages say it, and for so long operators are told no second time."""


@dataclass(frozen=True, slots=True)
class Capped:
    """A site whose cap of so many rejections an hour was reached, at last `at`."""

    site_id: SiteId
    title: str
    cap: int
    at: datetime


def capped_sites(
    connection: Connection, site_ids: Collection[SiteId], now: datetime
) -> tuple[Capped, ...]:
    """Return at which of these sites the cap was reached lately, by name."""
    rows = rejections.capped_since(connection, now - LATELY)
    return tuple(
        Capped(row.id, row.title, row.rejections_an_hour, row.capped_at)
        for row in rows
        if row.id in site_ids
    )


def untold(connection: Connection, now: datetime) -> list[Any]:
    """Return the sites of whose cap operators are to be told, as rows of storage.rejections."""
    rows = rejections.capped_since(connection, now - LATELY)
    return [row for row in rows if row.cap_told_at is None or now - row.cap_told_at >= LATELY]
