"""Endpoints: addresses of sites that want to be told of decisions."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)

from moderation.model.ids import EndpointId, SiteId
from moderation.storage.database import Connection
from moderation.storage.schema import id_column, metadata, moment, reference

endpoints = Table(
    "endpoints",
    metadata,
    id_column(),
    reference("site_id", "sites"),
    Column("url", Text, nullable=False),
    Column("description", String(200), nullable=False, default=""),
    # Needed in the clear to sign with; the whole table stays inside the installation.
    Column("secret", Text, nullable=False),
    # Signs beside the new one for a while, so that an exchange loses nothing.
    Column("old_secret", Text),
    moment("old_secret_until", nullable=True),
    moment("created_at"),
    moment("disabled_at", nullable=True),
    Column("disabled_reason", Text),
    # After a failure the whole endpoint rests, so that a dead one does not eat the sender's time.
    Column("failures", Integer, nullable=False, default=0),
    moment("failing_since", nullable=True),
    moment("rests_until", nullable=True),
    Index("ix_endpoints_site_id", "site_id"),
)

EndpointRow = Row[Any]

_c = endpoints.c

_ENABLED = (
    select(_c.id)
    .where(_c.site_id == bindparam("of_site"), _c.disabled_at.is_(None))
    .order_by(_c.id)
)


def add(connection: Connection, **values: Any) -> None:  # noqa: ANN401 - column values
    """Insert an endpoint."""
    connection.execute(insert(endpoints).values(**values))


def by_id(connection: Connection, endpoint_id: EndpointId) -> Row[Any] | None:
    """Return an endpoint."""
    return connection.execute(select(endpoints).where(_c.id == endpoint_id)).one_or_none()


def lock(connection: Connection, endpoint_id: EndpointId) -> Row[Any]:
    """Lock and return an endpoint that is known to exist; others may still refer to it."""
    statement = select(endpoints).where(_c.id == endpoint_id).with_for_update(key_share=True)
    return connection.execute(statement).one()


def of(connection: Connection, site_id: SiteId) -> list[Row[Any]]:
    """Return the site's endpoints, the oldest first."""
    return list(connection.execute(select(endpoints).where(_c.site_id == site_id).order_by(_c.id)))


def enabled_ids(connection: Connection, site_id: SiteId) -> list[EndpointId]:
    """Return the ids of those of the site's endpoints that want to be told."""
    return list(connection.execute(_ENABLED, {"of_site": site_id}).scalars())


def change(connection: Connection, endpoint_id: EndpointId, **values: Any) -> None:  # noqa: ANN401 - column values
    """Change columns of one endpoint."""
    connection.execute(update(endpoints).where(_c.id == endpoint_id).values(**values))


def disable(connection: Connection, endpoint_id: EndpointId, at: datetime, reason: str) -> None:
    """Switch an endpoint off, unless it is off already."""
    connection.execute(
        update(endpoints)
        .where(_c.id == endpoint_id, _c.disabled_at.is_(None))
        .values(disabled_at=at, disabled_reason=reason)
    )


def wake(connection: Connection, endpoint_id: EndpointId) -> None:
    """End the rest of an endpoint and forget its failures."""
    connection.execute(
        update(endpoints)
        .where(_c.id == endpoint_id, _c.failures > 0)
        .values(failures=0, failing_since=None, rests_until=None)
    )
