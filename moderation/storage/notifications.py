"""Notifications: who wants to be told what, and who may read whose feed."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    select,
    update,
)

from moderation.model.ids import UserId
from moderation.model.notifications import MailWhen, Wishes
from moderation.storage.database import Connection, insert_or_skip
from moderation.storage.schema import enum_column, metadata, moment

notifications = Table(
    "notifications",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    # Only a digest is kept here: who reads the table cannot read the feed.
    Column("feed_digest", String(64), unique=True),
    moment("feed_made_at", nullable=True),
    enum_column("mail", MailWhen),
    Column("hour", Integer, nullable=False),
    Column("at_least", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("with_text", Boolean, nullable=False),
    Column("warnings", Boolean, nullable=False),
    # What has come to wait before this moment was told, or did not have to be.
    moment("told_until"),
)

_c = notifications.c


def of(connection: Connection, user_id: UserId) -> Row[Any] | None:
    """Return what a person chose; None where they chose nothing yet."""
    statement = select(notifications).where(_c.user_id == user_id)
    return connection.execute(statement).one_or_none()


def by_feed(connection: Connection, feed_digest: str) -> Row[Any] | None:
    """Return whose feed has this digest of its token."""
    statement = select(notifications).where(_c.feed_digest == feed_digest)
    return connection.execute(statement).one_or_none()


def change(connection: Connection, user_id: UserId, now: datetime, **values: Any) -> None:  # noqa: ANN401 - column values
    """Change what a person chose; who has chosen nothing yet begins now."""
    first = from_wishes(Wishes()) | {"user_id": user_id, "told_until": now}
    connection.execute(insert_or_skip(connection, notifications).values(first))
    connection.execute(update(notifications).where(_c.user_id == user_id).values(values))


def end_feed(connection: Connection, user_id: UserId) -> None:
    """Let the feed of a person answer no more, if they have one."""
    ended = update(notifications).where(_c.user_id == user_id)
    connection.execute(ended.values(feed_digest=None, feed_made_at=None))


def wanting_mail(connection: Connection) -> list[Row[Any]]:
    """Return what those chose who want digests by e-mail."""
    return list(connection.execute(select(notifications).where(_c.mail != MailWhen.OFF)))


def lock(connection: Connection, user_id: UserId) -> Row[Any]:
    """Return what a person chose, while nobody else changes it."""
    statement = select(notifications).where(_c.user_id == user_id)
    return connection.execute(statement.with_for_update()).one()


def tell_until(connection: Connection, user_id: UserId, moment: datetime) -> None:
    """Note that a person was told of what had come to wait by this moment."""
    earlier = (_c.user_id == user_id) & (_c.told_until < moment)
    connection.execute(update(notifications).where(earlier).values(told_until=moment))


def wanting_warnings(connection: Connection) -> set[UserId]:
    """Return who wants to be warned by e-mail, operator or not."""
    return set(connection.execute(select(_c.user_id).where(_c.warnings)).scalars())


def from_wishes(wishes: Wishes) -> dict[str, Any]:
    """Return the columns of what somebody wishes."""
    return {
        "mail": wishes.mail,
        "hour": wishes.hour,
        "at_least": wishes.at_least,
        "minutes": wishes.minutes,
        "with_text": wishes.with_text,
        "warnings": wishes.warnings,
    }


def to_wishes(row: Row[Any]) -> Wishes:
    """Turn a row into the value."""
    return Wishes(
        mail=MailWhen(row.mail),
        hour=row.hour,
        at_least=row.at_least,
        minutes=row.minutes,
        with_text=row.with_text,
        warnings=row.warnings,
    )
