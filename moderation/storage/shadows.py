"""Shadows: policies that judge beside what decides; at most one of a site runs at a time."""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    Uuid,
    select,
    update,
)

from moderation.model.ids import ShadowId, SiteId
from moderation.model.policy import Policy
from moderation.model.shadows import Shadow
from moderation.storage import policies
from moderation.storage.database import Connection, insert_or_skip
from moderation.storage.schema import id_column, json_column, metadata, moment, reference
from moderation.storage.users import users

shadows = Table(
    "shadows",
    metadata,
    id_column(),
    reference("site_id", "sites"),
    Column("classifier", String(100), nullable=False),
    # All that the policy says, as columns of `policies` hold it.
    json_column("policy"),
    Column("reason", Text, nullable=False),
    reference("started_by", "users", nullable=True),
    moment("started_at"),
    Column("ended_by", Uuid, ForeignKey("users.id")),
    moment("ended_at", nullable=True),
    # The version as which it was published.
    Column("promoted", Integer),
)

_c = shadows.c
runs = _c.ended_at.is_(None)

Index("uq_shadows_running", _c.site_id, unique=True, sqlite_where=runs, postgresql_where=runs)
Index("ix_shadows_site_id_id", _c.site_id, _c.id)

_starter, _ender = users.alias("starter"), users.alias("ender")
_with_names = (
    select(shadows, _starter.c.name.label("starter_name"), _ender.c.name.label("ender_name"))
    .outerjoin(_starter, _starter.c.id == _c.started_by)
    .outerjoin(_ender, _ender.c.id == _c.ended_by)
)


def add(connection: Connection, values: Mapping[str, Any], policy: Policy) -> bool:
    """Start a shadow; False if one runs already."""
    stored = {"classifier": policy.classifier, "policy": policies.from_policy(policy)}
    statement = insert_or_skip(connection, shadows, _c.id)
    return connection.execute(statement, {**values, **stored}).one_or_none() is not None


def running(connection: Connection, site_id: SiteId) -> Shadow | None:
    """Return the shadow that runs at a site."""
    row = connection.execute(_with_names.where(_c.site_id == site_id, runs)).one_or_none()
    return None if row is None else _to_shadow(row)


def ended(connection: Connection, site_id: SiteId, limit: int) -> list[Shadow]:
    """Return the last ones of a site that are over, the newest first."""
    statement = _with_names.where(_c.site_id == site_id, _c.ended_at.is_not(None))
    return [
        _to_shadow(row) for row in connection.execute(statement.order_by(_c.id.desc()).limit(limit))
    ]


def end(
    connection: Connection,
    shadow_id: ShadowId,
    at: datetime,
    **values: Any,  # noqa: ANN401 - column values
) -> bool:
    """End a shadow; False if it was over already."""
    statement = update(shadows).where(_c.id == shadow_id, runs).values(ended_at=at, **values)
    return connection.execute(statement.returning(_c.id)).one_or_none() is not None


def _to_shadow(row: Row[Any]) -> Shadow:
    # As a row of `policies` has its columns.
    policy = cast("Row[Any]", SimpleNamespace(**row.policy))
    return Shadow(
        id=row.id,
        site_id=row.site_id,
        policy=policies.to_policy(policy),
        reason=row.reason,
        started_by=row.starter_name,
        started_at=row.started_at,
        ended_by=row.ender_name,
        ended_at=row.ended_at,
        promoted=row.promoted,
    )
