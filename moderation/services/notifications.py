"""Notifications: what somebody chose to be told, and their private feed."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from moderation.model.errors import InvalidInput, NotFound
from moderation.model.ids import UserId
from moderation.model.notifications import MailKind, MailWhen, Wishes
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.people import digest_token
from moderation.services.waiting_list import WaitingComment, recipient, waiting_list
from moderation.settings import Settings
from moderation.storage import audit, notifications, users

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Notifications:
    """What a person chose; `feed_made_at` is None while they have no feed."""

    wishes: Wishes
    feed_made_at: datetime | None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds, and whose it is."""

    user: User
    made_at: datetime
    waiting: tuple[WaitingComment, ...]


def notifications_of(runtime: Runtime, user: User) -> Notifications:
    """Return what somebody chose."""
    with runtime.reading() as connection:
        row = notifications.of(connection, user.id)
    if row is None:
        return Notifications(Wishes(), None)
    return Notifications(notifications.to_wishes(row), row.feed_made_at)


def save_wishes(runtime: Runtime, user: User, wishes: Wishes) -> None:
    """Keep what somebody chose; first digests are of what comes from then on.

    Raises InvalidInput.
    """
    if not wishes.are_offered:
        raise InvalidInput("Choose one of what is offered.")
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        values: dict[str, Any] = notifications.from_wishes(wishes)
        before = notifications.of(connection, user.id)
        if before is None or before.mail == MailWhen.OFF:
            values["told_until"] = now
        notifications.change(connection, user.id, now, **values)


def make_feed(runtime: Runtime, user: User) -> str:
    """Return the token of a new feed; the one before it ends."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        values = {"feed_digest": digest_token(token), "feed_made_at": now}
        notifications.change(connection, user.id, now, **values)
        audit.add(connection, "feed-make", now, user_id=user.id)
    return token


def end_feed(runtime: Runtime, user: User) -> None:
    """Let the feed of a person answer no more."""
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        notifications.end_feed(connection, user.id)
        audit.add(connection, "feed-end", now, user_id=user.id)


def read_feed(runtime: Runtime, token: str) -> Feed:
    """Return what waits for the owner of a feed.

    Raises NotFound, whether there never was such a feed, it ended or its owner is disabled.
    """
    with runtime.reading() as connection:
        row = notifications.by_feed(connection, digest_token(token))
        user = None if row is None else recipient(connection, row.user_id)
        if row is None or user is None:
            raise NotFound("There is no such feed.")
        listed = waiting_list(runtime, connection, user, with_text=row.with_text)
    return Feed(user, row.feed_made_at, listed)


def stop_token(settings: Settings, kind: MailKind, user_id: UserId) -> str:
    """Return what proves that whoever comes with it had a mail of this kind to this person."""
    said = f"{kind}.{user_id.hex}"
    return f"{said}.{hmac.digest(settings.derive_key('stop-mail'), said.encode(), 'sha256').hex()}"


def stop_mail(runtime: Runtime, token: str) -> None:
    """Send no more mails of a kind to a person. Raises NotFound."""
    kind, user_id = check_stop_token(runtime.settings, token)
    stopped = {"mail": MailWhen.OFF} if kind is MailKind.DIGEST else {"warnings": False}
    with runtime.transaction() as connection:
        if users.by_id(connection, user_id) is None:
            raise NotFound("This link is no good.")
        chosen = notifications.of(connection, user_id)
        if chosen is None or all(getattr(chosen, name) == to for name, to in stopped.items()):
            return
        now = runtime.database_now(connection)
        notifications.change(connection, user_id, now, **stopped)
        audit.add(connection, "mail-stop", now, user_id=user_id, data={"kind": kind})


def check_stop_token(settings: Settings, token: str) -> tuple[MailKind, UserId]:
    """Return the kind of mail and the person that a link to stop is for. Raises NotFound."""
    try:
        kind, user = token.split(".")[:2]
        found = MailKind(kind), UserId(UUID(user))
    except ValueError:
        raise NotFound("This link is no good.") from None
    if not hmac.compare_digest(stop_token(settings, *found).encode(), token.encode()):
        raise NotFound("This link is no good.")
    return found
