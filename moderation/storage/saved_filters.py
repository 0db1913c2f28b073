"""Filters of the queue that people keep under a name."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Row, String, Table, UniqueConstraint, delete, select

from moderation.model.ids import SavedFilterId, UserId
from moderation.storage.database import Connection, insert_or_replace
from moderation.storage.schema import id_column, json_column, metadata, moment, reference

saved_filters = Table(
    "saved_filters",
    metadata,
    id_column(),
    reference("user_id", "users"),
    Column("name", String(60), nullable=False),
    json_column("fields"),
    moment("saved_at"),
    UniqueConstraint("user_id", "name"),
)

_c = saved_filters.c


def of(connection: Connection, user_id: UserId) -> list[Row[Any]]:
    """Return what a person keeps, by name."""
    statement = select(saved_filters).where(_c.user_id == user_id).order_by(_c.name)
    return list(connection.execute(statement))


def put(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a filter; one of the same person and name is replaced."""
    statement = insert_or_replace(connection, saved_filters, ("user_id", "name"))
    connection.execute(statement, dict(row))


def remove(connection: Connection, user_id: UserId, filter_id: SavedFilterId) -> bool:
    """Forget a filter of this person; False where there is none."""
    theirs = (_c.id == filter_id) & (_c.user_id == user_id)
    return connection.execute(delete(saved_filters).where(theirs)).rowcount == 1
