"""Server-side sessions of the dashboard; a signed-out session cannot be replayed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Row,
    String,
    Table,
    Uuid,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from moderation.model.ids import UserId
from moderation.storage.database import Connection
from moderation.storage.preferences import preferences
from moderation.storage.schema import json_column, metadata, moment

sessions = Table(
    "sessions",
    metadata,
    # Only a digest is stored: who reads the table cannot take a session over.
    Column("token_digest", String(64), primary_key=True),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=True, index=True),
    json_column("data"),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
)

_c = sessions.c


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Begin a session."""
    connection.execute(insert(sessions).values(**values))


def by_digest(connection: Connection, token_digest: str) -> Row[Any] | None:
    """Return the session with this digest of its token, and what its person prefers."""
    statement = (
        select(sessions, preferences.c.hide, preferences.c.opt_out, preferences.c.language)
        .outerjoin(preferences, preferences.c.user_id == _c.user_id)
        .where(_c.token_digest == token_digest)
    )
    return connection.execute(statement).one_or_none()


def seen_since(connection: Connection, moment: datetime) -> dict[UserId, datetime]:
    """Return who was active since a moment, and when last."""
    last = func.max(_c.seen_at)
    statement = select(_c.user_id, last).group_by(_c.user_id).having(last >= moment)
    return {row[0]: row[1] for row in connection.execute(statement)}


def change(connection: Connection, token_digest: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Change columns of one session; does nothing where it was ended meanwhile."""
    connection.execute(update(sessions).where(_c.token_digest == token_digest).values(**values))


def end(connection: Connection, token_digest: str) -> None:
    """End one session."""
    connection.execute(delete(sessions).where(_c.token_digest == token_digest))


def end_all(connection: Connection, user_id: UserId) -> None:
    """End every session of a person."""
    connection.execute(delete(sessions).where(_c.user_id == user_id))


def end_lapsed(connection: Connection, now: datetime, unseen_since: datetime) -> None:
    """Forget the sessions that nobody can use any more."""
    connection.execute(
        delete(sessions).where(or_(_c.expires_at <= now, _c.seen_at <= unseen_since))
    )
