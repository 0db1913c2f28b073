"""API keys of sites."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, String, Table, and_, bindparam, insert, or_, select, update

from moderation.model.ids import KeyId, SiteId
from moderation.model.keys import KeyScope
from moderation.storage.database import Connection
from moderation.storage.schema import enum_column, id_column, metadata, moment, reference
from moderation.storage.sites import sites

keys = Table(
    "keys",
    metadata,
    id_column(),
    reference("site_id", "sites"),
    Column("name", String(200), nullable=False),
    # The part that may be seen, by which the row is found; the secret only as an HMAC.
    Column("prefix", String(16), nullable=False, unique=True),
    Column("secret_digest", String(64), nullable=False),
    enum_column("scope", KeyScope, server_default=KeyScope.COMMENTS.value),
    moment("created_at"),
    moment("used_at", nullable=True),
    moment("disabled_at", nullable=True),
)

_c = keys.c

# Made once: nearly every request asks.
_LIVE_WITH_SITE = (
    select(keys, sites.c.name.label("site_name"), sites.c.while_pending, sites.c.while_flagged)
    .join(sites, sites.c.id == _c.site_id)
    .where(
        _c.prefix == bindparam("prefix"), _c.disabled_at.is_(None), sites.c.disabled_at.is_(None)
    )
)


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert a key."""
    connection.execute(insert(keys).values(**values))


def of(connection: Connection, site_id: SiteId) -> list[Row[Any]]:
    """Return a site's keys, oldest first."""
    return list(connection.execute(select(keys).where(_c.site_id == site_id).order_by(_c.id)))


def live_with_site(connection: Connection, prefix: str) -> Row[Any] | None:
    """Return the key with this prefix and its site, unless either is disabled."""
    return connection.execute(_LIVE_WITH_SITE, {"prefix": prefix}).one_or_none()


def disable(connection: Connection, site_id: SiteId, prefix: str, at: datetime) -> bool:
    """Switch a key off; False if the site has no live key with this prefix."""
    result = connection.execute(
        update(keys)
        .where(_c.site_id == site_id, _c.prefix == prefix, _c.disabled_at.is_(None))
        .values(disabled_at=at)
    )
    return result.rowcount == 1


def touch(connection: Connection, key_id: KeyId, at: datetime, unless_after: datetime) -> None:
    """Note that a key was used, unless that was noted after `unless_after`."""
    stale = or_(_c.used_at.is_(None), _c.used_at <= unless_after)
    connection.execute(update(keys).where(and_(_c.id == key_id, stale)).values(used_at=at))
