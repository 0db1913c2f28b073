"""Mails on their way: to whom and of which kind. What they say is written when they are sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, Row, Table, delete, insert, select, update

from moderation.model.ids import MailId, SiteId, UserId, new_uuid
from moderation.model.notifications import MailKind
from moderation.storage.database import Connection
from moderation.storage.schema import enum_column, id_column, metadata, moment, reference

mails = Table(
    "mails",
    metadata,
    id_column(),
    reference("user_id", "users"),
    enum_column("kind", MailKind),
    # Of a warning.
    reference("site_id", "sites", nullable=True),
    Column("attempts", Integer, nullable=False),
    moment("made_at"),
    # When it is tried next; while somebody sends it, when others may take it over.
    moment("next_at"),
)

_c = mails.c


def add(
    connection: Connection,
    user_id: UserId,
    kind: MailKind,
    now: datetime,
    site_id: SiteId | None = None,
) -> None:
    """Let a mail be sent."""
    row = {"id": new_uuid(), "user_id": user_id, "kind": kind, "site_id": site_id}
    moments = {"made_at": now, "next_at": now}
    connection.execute(insert(mails).values(row | moments | {"attempts": 0}))


def claim(connection: Connection, now: datetime, until: datetime) -> Row[Any] | None:
    """Take the mail that is due the longest, until a moment; those that others hold aside."""
    due = select(mails).where(_c.next_at <= now).order_by(_c.next_at).limit(1)
    row = connection.execute(due.with_for_update(skip_locked=True)).one_or_none()
    if row is not None:
        put_off(connection, row.id, until, row.attempts + 1)
    return row


def put_off(connection: Connection, mail_id: MailId, until: datetime, attempts: int) -> None:
    """Let nobody try a mail before this moment."""
    values = {"next_at": until, "attempts": attempts}
    connection.execute(update(mails).where(_c.id == mail_id).values(values))


def remove(connection: Connection, mail_id: MailId) -> None:
    """Forget a mail that was sent, or is not wanted any more."""
    connection.execute(delete(mails).where(_c.id == mail_id))


def remove_made_before(connection: Connection, moment: datetime) -> None:
    """Forget what nobody sent, as where the operator has named no server any more."""
    connection.execute(delete(mails).where(_c.made_at <= moment))


def on_their_way(
    connection: Connection, user_id: UserId, kind: MailKind, site_id: SiteId | None = None
) -> bool:
    """Say whether such a mail to a person, of such a site, is still to be sent."""
    statement = select(_c.id).where(
        _c.user_id == user_id, _c.kind == kind, _c.site_id.is_not_distinct_from(site_id)
    )
    return connection.execute(statement.limit(1)).first() is not None
