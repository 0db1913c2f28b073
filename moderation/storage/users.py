"""People who can sign in, and the sites they see."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Row,
    Select,
    String,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    select,
    update,
)

from moderation.model.ids import SiteId, UserId
from moderation.model.people import Role, User
from moderation.storage.database import Connection, insert_or_skip
from moderation.storage.schema import enum_column, id_column, metadata, moment

users = Table(
    "users",
    metadata,
    id_column(),
    # Stored in lower case: addresses are compared without case.
    Column("email", String(255), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    enum_column("role", Role),
    Column("password_hash", Text),
    moment("created_at"),
    moment("disabled_at", nullable=True),
)

memberships = Table(
    "memberships",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    Column("site_id", Uuid, ForeignKey("sites.id"), primary_key=True),
)

password_links = Table(
    "password_links",
    metadata,
    # Only a digest is stored: who reads the table cannot use the link.
    Column("token_digest", String(64), primary_key=True),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    moment("expires_at"),
    moment("used_at", nullable=True),
)

_c = users.c
CAN_SIGN_IN = (_c.disabled_at.is_(None), _c.password_hash.is_not(None))
"""The conditions of somebody who is there."""


def add(connection: Connection, **values: Any) -> None:  # noqa: ANN401 - column values
    """Insert a person."""
    connection.execute(insert(users).values(**values))


def join_sites(connection: Connection, user_id: UserId, site_ids: Iterable[SiteId]) -> None:
    """Let a person see these sites; those that they see already stay as they are."""
    rows = [{"user_id": user_id, "site_id": site_id} for site_id in site_ids]
    if rows:
        connection.execute(insert_or_skip(connection, memberships), rows)


def leave_site(connection: Connection, user_id: UserId, site_id: SiteId) -> None:
    """Let a person not see this site any more."""
    m = memberships.c
    connection.execute(delete(memberships).where(m.user_id == user_id, m.site_id == site_id))


def by_email(connection: Connection, email: str) -> User | None:
    """Return the person with this address, in any case of letters."""
    return _one(connection, select(users).where(_c.email == email.lower()))


def by_id(connection: Connection, user_id: UserId) -> User | None:
    """Return the person with this id."""
    return _one(connection, select(users).where(_c.id == user_id))


def active(connection: Connection) -> list[User]:
    """Return everybody who can sign in, by name."""
    return _people(connection, select(users).where(*CAN_SIGN_IN).order_by(_c.name))


def every(connection: Connection) -> list[User]:
    """Return all people, by address."""
    return _people(connection, select(users).order_by(_c.email))


def _people(connection: Connection, statement: Select[Any]) -> list[User]:
    rows = list(connection.execute(statement))
    sites: defaultdict[UserId, set[SiteId]] = defaultdict(set)
    for user_id, site_id in connection.execute(select(memberships)):
        sites[user_id].add(site_id)
    return [_to_user(row, sites[row.id]) for row in rows]


def active_at(
    connection: Connection, site_ids: Collection[SiteId]
) -> dict[SiteId, frozenset[UserId]]:
    """Return who can sign in and sees each of these sites."""
    admins = select(_c.id).where(*CAN_SIGN_IN, _c.role == Role.ADMIN)
    found = dict.fromkeys(site_ids, frozenset(connection.execute(admins).scalars()))
    members = (
        select(memberships.c.site_id, _c.id)
        .join(memberships, memberships.c.user_id == _c.id)
        .where(*CAN_SIGN_IN, memberships.c.site_id.in_(site_ids))
    )
    for site_id, user_id in connection.execute(members):
        found[site_id] |= {user_id}
    return found


def count(connection: Connection) -> int:
    """Return how many people there are, disabled ones too."""
    return connection.execute(select(func.count()).select_from(users)).scalar_one()


def set_role(connection: Connection, user_id: UserId, role: Role) -> None:
    """Give a person another role."""
    connection.execute(update(users).where(_c.id == user_id).values(role=role))


def set_disabled(connection: Connection, user_id: UserId, at: datetime | None) -> None:
    """Keep a person out from this moment on; None lets them in again."""
    connection.execute(update(users).where(_c.id == user_id).values(disabled_at=at))


def password_hash(connection: Connection, user_id: UserId) -> str | None:
    """Return the hash of a person's password; None before they chose one."""
    return connection.execute(select(_c.password_hash).where(_c.id == user_id)).scalar_one_or_none()


def set_password_hash(connection: Connection, user_id: UserId, hashed: str) -> None:
    """Replace a person's password."""
    connection.execute(update(users).where(_c.id == user_id).values(password_hash=hashed))


def add_link(
    connection: Connection, token_digest: str, user_id: UserId, expires_at: datetime
) -> None:
    """Keep the digest of a password link."""
    connection.execute(
        insert(password_links).values(
            token_digest=token_digest, user_id=user_id, expires_at=expires_at
        )
    )


def link_owner(connection: Connection, token_digest: str, now: datetime) -> UserId | None:
    """Return whose password an unused link may set."""
    links = password_links.c
    statement = select(links.user_id).where(
        links.token_digest == token_digest, links.used_at.is_(None), links.expires_at > now
    )
    return connection.execute(statement).scalar_one_or_none()


def take_link(connection: Connection, token_digest: str, now: datetime) -> UserId | None:
    """Use a link up and return whose it was; None if it was used before or is too old."""
    links = password_links.c
    statement = (
        update(password_links)
        .where(links.token_digest == token_digest, links.used_at.is_(None), links.expires_at > now)
        .values(used_at=now)
        .returning(links.user_id)
    )
    return connection.execute(statement).scalar_one_or_none()


def revoke_links(connection: Connection, user_id: UserId, now: datetime) -> None:
    """Make all unused links of a person useless."""
    links = password_links.c
    connection.execute(
        update(password_links)
        .where(links.user_id == user_id, links.used_at.is_(None))
        .values(used_at=now)
    )


def _one(connection: Connection, statement: Select[Any]) -> User | None:
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    of_user = select(memberships.c.site_id).where(memberships.c.user_id == row.id)
    return _to_user(row, set(connection.execute(of_user).scalars()))


def _to_user(row: Row[Any], site_ids: set[SiteId]) -> User:
    return User(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        site_ids=frozenset(site_ids),
        disabled_at=row.disabled_at,
    )
