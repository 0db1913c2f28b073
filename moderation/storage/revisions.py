"""Older texts of edited comments."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Integer, Row, String, Table, Text, UniqueConstraint, insert, select
from sqlalchemy import delete as delete_from

from moderation.model.ids import CommentId
from moderation.storage.database import Connection
from moderation.storage.schema import id_column, metadata, moment, reference

revisions = Table(
    "revisions",
    metadata,
    id_column(),
    reference("comment_id", "comments"),
    Column("revision", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_digest", String(64), nullable=False),
    moment("edited_at", nullable=True),
    moment("replaced_at"),
    UniqueConstraint("comment_id", "revision"),
)


def newest(connection: Connection, comment_id: CommentId, limit: int) -> list[Row[Any]]:
    """Return the last older texts of a comment, the newest first."""
    statement = select(revisions).where(revisions.c.comment_id == comment_id)
    statement = statement.order_by(revisions.c.revision.desc()).limit(limit)
    return list(connection.execute(statement))


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a text that is being replaced."""
    connection.execute(insert(revisions).values(**values))


def of(connection: Connection, comment_id: CommentId) -> list[Row[Any]]:
    """Return a comment's older texts, oldest first."""
    statement = (
        select(revisions).where(revisions.c.comment_id == comment_id).order_by(revisions.c.revision)
    )
    return list(connection.execute(statement))


def delete(connection: Connection, comment_id: CommentId) -> None:
    """Erase a comment's older texts."""
    connection.execute(delete_from(revisions).where(revisions.c.comment_id == comment_id))
