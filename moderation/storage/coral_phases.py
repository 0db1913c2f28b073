"""Coral's external moderation phases: which secret proves that a request is of a site's Coral."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, Table, Text, UniqueConstraint, delete, select

from moderation.model.ids import SiteId, new_uuid
from moderation.storage.database import Connection, insert_or_replace
from moderation.storage.schema import id_column, metadata, moment, reference
from moderation.storage.sites import sites

coral_phases = Table(
    "coral_phases",
    metadata,
    id_column(),
    reference("site_id", "sites"),
    # Made by Coral. Needed in the clear to verify with; the table stays inside the installation.
    Column("secret", Text, nullable=False),
    moment("connected_at"),
    UniqueConstraint("site_id"),
)

_c = coral_phases.c


def put(connection: Connection, site_id: SiteId, secret: str, at: datetime) -> None:
    """Store the secret of a site's phase; an earlier one is replaced."""
    row = {"id": new_uuid(), "site_id": site_id, "secret": secret, "connected_at": at}
    connection.execute(insert_or_replace(connection, coral_phases, ("site_id",)), [row])


def live_of(connection: Connection, site_name: str) -> Row[Any] | None:
    """Return the phase of the site with this name, unless the site is disabled."""
    statement = (
        select(coral_phases)
        .join(sites, sites.c.id == _c.site_id)
        .where(sites.c.name == site_name, sites.c.disabled_at.is_(None))
    )
    return connection.execute(statement).one_or_none()


def every(connection: Connection) -> list[Row[Any]]:
    """Return the name of each connected site, and since when it has its secret."""
    statement = (
        select(sites.c.name, _c.connected_at)
        .join(sites, sites.c.id == _c.site_id)
        .order_by(sites.c.name)
    )
    return list(connection.execute(statement))


def remove(connection: Connection, site_id: SiteId) -> bool:
    """Forget a site's secret; False if there was none."""
    return connection.execute(delete(coral_phases).where(_c.site_id == site_id)).rowcount == 1
