"""Audit entries: who changed what, apart from decisions. Append-only, no comment text."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, Table, insert, literal, select

from moderation.model.ids import SiteId, UserId, new_uuid
from moderation.storage.database import Connection
from moderation.storage.schema import id_column, json_column, metadata, moment, reference

audit = Table(
    "audit",
    metadata,
    id_column(),
    reference("site_id", "sites", nullable=True),
    reference("user_id", "users", nullable=True),
    Column("action", String(64), nullable=False),
    json_column("data"),
    moment("happened_at"),
)

_c = audit.c
# Written into the statement: SQLite uses a partial index only for the very words of its condition.
_of_share = _c.action == literal("site-audit", literal_execute=True)

Index("ix_audit_share", _c.site_id, sqlite_where=_of_share, postgresql_where=_of_share)


def add(  # noqa: PLR0913 - one column each
    connection: Connection,
    action: str,
    at: datetime,
    *,
    site_id: SiteId | None = None,
    user_id: UserId | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append an entry."""
    connection.execute(
        insert(audit).values(
            id=new_uuid(),
            site_id=site_id,
            user_id=user_id,
            action=action,
            data=dict(data or {}),
            happened_at=at,
        )
    )


def changes_of_share(connection: Connection, site_id: SiteId) -> list[datetime]:
    """Return when the share of approvals was changed that people judge at a site."""
    statement = select(_c.happened_at).where(_c.site_id == site_id, _of_share)
    return list(connection.execute(statement).scalars())
