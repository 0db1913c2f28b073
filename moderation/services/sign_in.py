"""Signing in: passwords, one-time links, and sessions that live on the server."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from moderation.model.errors import (
    FieldError,
    InvalidInput,
    NotFound,
    StorageUnavailable,
    Unauthenticated,
)
from moderation.model.people import Role, User
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services.passwords import hash_password, is_password
from moderation.services.people import digest_token
from moderation.storage import audit, claims, notifications, sessions, sites, users
from moderation.storage.database import Connection
from moderation.storage.preferences import to_preferences

log = structlog.get_logger()

IDLE = timedelta(hours=2)
"""A session that nobody uses for so long is over."""

LONGEST = timedelta(hours=12)
"""No session outlives a working day, however busy."""

SEEN_NOTED_EVERY = timedelta(minutes=1)
"""A moderator who clicks every second must not write to the database for that."""

TOKEN_BYTES = 32

NOT_THE_OLD_ONE = "This is not your present password."


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, the sites they see by title, and what the dashboard keeps for them."""

    user: User
    sites: tuple[Site, ...]
    data: Mapping[str, Any]
    seen_at: datetime


def sign_in(runtime: Runtime, email: str, password: str) -> str:
    """Begin a session and return its token.

    Raises Unauthenticated, always with the same words and after the same time.
    """
    with runtime.reading() as connection:
        user = users.by_email(connection, email.strip())
        stored = users.password_hash(connection, user.id) if user else None
    # Compared between two transactions: 25 ms of hashing must not hold up other writers.
    right = is_password(password, stored)
    if user is None or user.disabled_at is not None or not right:
        raise Unauthenticated("The address or the password is wrong.")
    with runtime.transaction() as connection:
        return _begin(connection, user, runtime.clock.now(), "sign-in")


def read_session(runtime: Runtime, token: str) -> Session | None:
    """Return the session of this token; None if it is unknown or over, or its user disabled."""
    now = runtime.clock.now()
    with runtime.reading() as connection:
        row = sessions.by_digest(connection, digest_token(token))
        if row is None or row.expires_at <= now or row.seen_at <= now - IDLE:
            return None
        user = users.by_id(connection, row.user_id)
        if user is None or user.disabled_at is not None:
            return None
        user = replace(user, preferences=to_preferences(row))
        return Session(user, _sites_of(connection, user), dict(row.data), row.seen_at)


def touch_session(runtime: Runtime, token: str, session: Session) -> None:
    """Note that the person is active; writes at most once a minute."""
    now = runtime.clock.now()
    if now - session.seen_at < SEEN_NOTED_EVERY:
        return
    try:
        with runtime.transaction() as connection:
            sessions.change(connection, digest_token(token), seen_at=now)
    except StorageUnavailable:
        # Reading goes on where nothing can be written, as on a full disk.
        log.warning("session_not_noted", user_id=str(session.user.id))


def keep_session(runtime: Runtime, token: str, data: Mapping[str, Any]) -> None:
    """Replace what the dashboard keeps in a session."""
    with runtime.transaction() as connection:
        sessions.change(connection, digest_token(token), data=dict(data))


def sign_out(runtime: Runtime, token: str) -> None:
    """End a session for good, and what its person claimed; its token is worth nothing any more."""
    digest = digest_token(token)
    with runtime.transaction() as connection:
        row = sessions.by_digest(connection, digest)
        sessions.end(connection, digest)
        if row is not None and row.user_id is not None:
            claims.release(connection, row.user_id)


def change_password(runtime: Runtime, user: User, old: str, new: str) -> str:
    """Replace a password, end sessions and feed of the person; return the token of a new session.

    Raises InvalidInput (the old one is wrong, the new one is no good).
    """
    with runtime.reading() as connection:
        stored = users.password_hash(connection, user.id)
    if not is_password(old, stored):
        raise InvalidInput(NOT_THE_OLD_ONE, (FieldError("/old", NOT_THE_OLD_ONE),))
    hashed = hash_password(new)
    with runtime.transaction() as connection:
        return _replace(connection, user, hashed, runtime.clock.now())


def password_link_owner(runtime: Runtime, token: str) -> User:
    """Return whose password a one-time link may set, without using it up. Raises NotFound."""
    with runtime.reading() as connection:
        user_id = users.link_owner(connection, digest_token(token), runtime.clock.now())
        user = None if user_id is None else users.by_id(connection, user_id)
    if user is None or user.disabled_at is not None:
        raise NotFound("This link was used before, or is too old. Ask for a new one.")
    return user


def use_password_link(runtime: Runtime, token: str, new_password: str) -> str:
    """Set the password that a one-time link is for, and return the token of a new session.

    All other sessions and links of the person end, and their feed.
    Raises NotFound (unknown, used, too old), InvalidInput (the password is no good).
    """
    hashed = hash_password(new_password)
    with runtime.transaction() as connection:
        now = runtime.clock.now()
        user_id = users.take_link(connection, digest_token(token), now)
        user = None if user_id is None else users.by_id(connection, user_id)
        if user is None or user.disabled_at is not None:
            raise NotFound("This link was used before, or is too old. Ask for a new one.")
        return _replace(connection, user, hashed, now)


def _replace(connection: Connection, user: User, hashed: str, now: datetime) -> str:
    users.set_password_hash(connection, user.id, hashed)
    users.revoke_links(connection, user.id, now)
    sessions.end_all(connection, user.id)
    # Who changes a password because somebody knows it wants them to read nothing any more.
    notifications.end_feed(connection, user.id)
    return _begin(connection, user, now, "password-change")


def _begin(connection: Connection, user: User, now: datetime, action: str) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    sessions.end_lapsed(connection, now, now - IDLE)
    row = {
        "token_digest": digest_token(token),
        "user_id": user.id,
        "data": {},
        "created_at": now,
        "seen_at": now,
        "expires_at": now + LONGEST,
    }
    sessions.add(connection, row)
    audit.add(connection, action, now, user_id=user.id)
    return token


def _sites_of(connection: Connection, user: User) -> tuple[Site, ...]:
    if user.role is Role.ADMIN:
        return tuple(sites.to_site(row) for row in sites.every(connection))
    rows = sites.by_ids(connection, set(user.site_ids)).values()
    return tuple(sorted((sites.to_site(row) for row in rows), key=lambda site: site.name))
