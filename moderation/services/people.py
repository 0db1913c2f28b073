"""People: adding them, keeping them out, and the one-time links by which they choose a password."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from moderation.model.errors import Conflict, InvalidInput, NotFound
from moderation.model.ids import SiteId, UserId, new_uuid
from moderation.model.mail_addresses import mail_address
from moderation.model.people import Role, User
from moderation.runtime import Runtime
from moderation.services.passwords import hash_password
from moderation.services.sites import site_named
from moderation.storage import audit, notifications, sessions, users
from moderation.storage.database import Connection

LINK_LIFETIME = timedelta(hours=24)

MAX_EMAIL_LENGTH = 255
MAX_NAME_LENGTH = 200

# Whether a mailbox exists is not ours to know; this only catches slips of the hand.
_EMAIL = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"()]+")


def add_user(
    runtime: Runtime, email: str, name: str, role: Role, site_names: Iterable[str] = ()
) -> User:
    """Add somebody who can sign in once they chose a password by their link.

    Raises InvalidInput, NotFound (no such site), Conflict (the address is taken).
    """
    email, name = check_email(email), _check_name(name)
    with runtime.transaction() as connection:
        site_ids = frozenset(site_named(connection, site).id for site in site_names)
        _check_sees_something(role, site_ids)
        if users.by_email(connection, email) is not None:
            raise Conflict(f"There is somebody with the address {email} already.")
        user = User(UserId(new_uuid()), email, name, role, site_ids)
        now = runtime.database_now(connection)
        users.add(connection, id=user.id, email=email, name=name, role=role, created_at=now)
        users.join_sites(connection, user.id, site_ids)
        audit.add(connection, "user-add", now, data={"user_id": str(user.id), "role": role})
    return user


def list_users(runtime: Runtime) -> list[User]:
    """Return all people, by address."""
    with runtime.reading() as connection:
        return users.every(connection)


def disable_user(runtime: Runtime, email: str) -> User:
    """Keep somebody out from now on, signed in or not. Raises NotFound."""
    with runtime.transaction() as connection:
        user = _with_email(connection, email)
        if user.disabled_at is None:
            now = runtime.database_now(connection)
            users.set_disabled(connection, user.id, now)
            users.revoke_links(connection, user.id, now)
            sessions.end_all(connection, user.id)
            notifications.end_feed(connection, user.id)
            audit.add(connection, "user-disable", now, data={"user_id": str(user.id)})
        return _with_email(connection, email)


def enable_user(runtime: Runtime, email: str) -> User:
    """Let somebody in again, with the password they had. Raises NotFound."""
    with runtime.transaction() as connection:
        user = _with_email(connection, email)
        if user.disabled_at is not None:
            users.set_disabled(connection, user.id, None)
            now = runtime.database_now(connection)
            audit.add(connection, "user-enable", now, data={"user_id": str(user.id)})
        return _with_email(connection, email)


def join_site(runtime: Runtime, email: str, site_name: str) -> User:
    """Let somebody see one more site, from their next click on. Raises NotFound."""
    with runtime.transaction() as connection:
        user, site = _with_email(connection, email), site_named(connection, site_name)
        if site.id not in user.site_ids:
            users.join_sites(connection, user.id, [site.id])
            now = runtime.database_now(connection)
            data = {"user_id": str(user.id)}
            audit.add(connection, "user-join", now, site_id=site.id, data=data)
        return _with_email(connection, email)


def leave_site(runtime: Runtime, email: str, site_name: str) -> User:
    """Let somebody not see a site any more, signed in or not.

    Raises NotFound, InvalidInput (it is the only site that they see).
    """
    with runtime.transaction() as connection:
        user, site = _with_email(connection, email), site_named(connection, site_name)
        if site.id in user.site_ids:
            _check_sees_something(user.role, user.site_ids - {site.id})
            users.leave_site(connection, user.id, site.id)
            now = runtime.database_now(connection)
            data = {"user_id": str(user.id)}
            audit.add(connection, "user-leave", now, site_id=site.id, data=data)
        return _with_email(connection, email)


def change_role(runtime: Runtime, email: str, role: Role) -> User:
    """Give somebody another role, from their next click on.

    Raises NotFound, InvalidInput (they would see no site).
    """
    with runtime.transaction() as connection:
        user = _with_email(connection, email)
        if user.role is not role:
            _check_sees_something(role, user.site_ids)
            users.set_role(connection, user.id, role)
            now = runtime.database_now(connection)
            data = {"user_id": str(user.id), "role": role}
            audit.add(connection, "user-role", now, data=data)
        return _with_email(connection, email)


def find_user(runtime: Runtime, email: str) -> User:
    """Return the person with this address. Raises NotFound."""
    with runtime.reading() as connection:
        return _with_email(connection, email)


def create_password_link(runtime: Runtime, user_id: UserId) -> str:
    """Return a token that lets this person choose a password, once, within 24 hours.

    Older links of theirs stop working. Raises NotFound, Conflict (the person is disabled).
    """
    token = secrets.token_urlsafe(32)
    with runtime.transaction() as connection:
        user = users.by_id(connection, user_id)
        if user is None:
            raise NotFound("There is no such person.")
        if user.disabled_at is not None:
            raise Conflict(f"{user.email} is disabled; enable them first.")
        now = runtime.database_now(connection)
        users.revoke_links(connection, user_id, now)
        users.add_link(connection, digest_token(token), user_id, now + LINK_LIFETIME)
        audit.add(connection, "password-link", now, data={"user_id": str(user_id)})
    return token


def set_password(runtime: Runtime, user_id: UserId, password: str) -> None:
    """Set a password for somebody: only for the first operator, who has nobody to ask.

    Raises InvalidInput if nobody should use this password.
    """
    hashed = hash_password(password)
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        users.set_password_hash(connection, user_id, hashed)
        audit.add(connection, "password-set", now, data={"user_id": str(user_id)})


def digest_token(token: str) -> str:
    """Return what is stored of a password link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _with_email(connection: Connection, email: str) -> User:
    user = users.by_email(connection, email.strip())
    if user is None:
        raise NotFound(f"There is nobody with the address {email}.")
    return user


def _check_sees_something(role: Role, site_ids: frozenset[SiteId]) -> None:
    if role is not Role.ADMIN and not site_ids:
        raise InvalidInput(f"A {role} needs at least one site; only an admin sees every site.")


def check_email(email: str) -> str:
    """Return an address as it is stored. Raises InvalidInput."""
    email = email.strip().lower()
    wrong = InvalidInput("That is no e-mail address; it looks like alice@agora.example.")
    if len(email) > MAX_EMAIL_LENGTH or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise wrong
    try:
        mail_address(email)
    except ValueError:
        raise wrong from None
    return email


def _check_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise InvalidInput("A person's name is one line of 1 to 200 characters.")
    return name
