"""Preferences: what each person chose for their own desk; read for themselves only."""

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, Row, String, Table, Uuid, select

from moderation.model.ids import UserId
from moderation.model.preferences import NO_PREFERENCES, Preferences
from moderation.model.reviews import Cause
from moderation.storage.database import Connection, insert_or_replace
from moderation.storage.schema import metadata

preferences = Table(
    "preferences",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    # Numbers of `Cause`.
    Column("hide", Integer, nullable=False),
    Column("opt_out", Integer, nullable=False),
    Column("language", String(35)),
)


def put(connection: Connection, user_id: UserId, chosen: Preferences) -> None:
    """Keep what a person chose, instead of what they chose before."""
    statement = insert_or_replace(connection, preferences, ("user_id",))
    kept = {
        "hide": int(chosen.hide),
        "opt_out": int(chosen.opt_out),
        "language": chosen.language,
    }
    connection.execute(statement.values(user_id=user_id, **kept))


def of(connection: Connection, user_id: UserId) -> Preferences:
    """Return what a person chose."""
    statement = select(preferences).where(preferences.c.user_id == user_id)
    row = connection.execute(statement).one_or_none()
    return NO_PREFERENCES if row is None else to_preferences(row)


def to_preferences(row: Row[Any]) -> Preferences:
    """Turn a row that was joined to this table into the value; who chose nothing has no row."""
    return Preferences(Cause(row.hide or 0), Cause(row.opt_out or 0), row.language)
