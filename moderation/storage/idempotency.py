"""Answers kept for repeated requests with the same Idempotency-Key (IETF draft-07)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    and_,
    delete,
    select,
    tuple_,
    update,
)

from moderation.model.ids import SiteId
from moderation.storage.database import Connection, insert_or_skip
from moderation.storage.schema import json_column, metadata, moment

idempotency = Table(
    "idempotency",
    metadata,
    Column("site_id", Uuid, ForeignKey("sites.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("body_digest", String(64), nullable=False),
    # NULL while the first request is under way.
    Column("status", Integer),
    json_column("headers", nullable=True),
    json_column("answer", nullable=True),
    moment("created_at"),
    Index("ix_idempotency_created_at", "created_at"),
)

_c = idempotency.c


def add(connection: Connection, site_id: SiteId, key: str, body_digest: str, at: datetime) -> bool:
    """Reserve a key for a request that begins now; False if it is known already."""
    statement = (
        insert_or_skip(connection, idempotency)
        .values(site_id=site_id, key=key, body_digest=body_digest, created_at=at)
        .returning(_c.key)
    )
    return connection.execute(statement).one_or_none() is not None


def get(connection: Connection, site_id: SiteId, key: str) -> Row[Any] | None:
    """Lock and return what is known of a key."""
    statement = select(idempotency).where(_c.site_id == site_id, _c.key == key)
    return connection.execute(statement.with_for_update()).one_or_none()


def answer(
    connection: Connection, site_id: SiteId, key: str, begun_at: datetime, values: Mapping[str, Any]
) -> None:
    """Keep the answer, if the key is still held by the request that began then."""
    held = _held(site_id, key, begun_at)
    connection.execute(update(idempotency).where(held).values(**values))


def release(connection: Connection, site_id: SiteId, key: str, begun_at: datetime) -> None:
    """Forget the key, if it is still held by the request that began then."""
    connection.execute(delete(idempotency).where(_held(site_id, key, begun_at)))


def remove(connection: Connection, site_id: SiteId, key: str) -> None:
    """Forget a key whoever holds it."""
    connection.execute(delete(idempotency).where(_c.site_id == site_id, _c.key == key))


def remove_older(connection: Connection, than: datetime, limit: int) -> int:
    """Forget up to so many keys from before a moment; return how many that were."""
    key = tuple_(_c.site_id, _c.key)
    old = select(_c.site_id, _c.key).where(_c.created_at < than).limit(limit)
    return connection.execute(delete(idempotency).where(key.in_(old))).rowcount


def _held(site_id: SiteId, key: str, begun_at: datetime) -> ColumnElement[bool]:
    return and_(
        _c.site_id == site_id, _c.key == key, _c.created_at == begun_at, _c.status.is_(None)
    )
