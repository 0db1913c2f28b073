"""Standings of authors and threads: append-only; one entry of each subject is the present one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Row,
    String,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from moderation.model.ids import SiteId, StandingId
from moderation.model.standings import (
    MAX_ID_LENGTH,
    MAX_SUBJECT_NAME_LENGTH,
    Standing,
    StandingChange,
    StandingSearch,
    StandingSource,
    Subject,
    SubjectKind,
)
from moderation.storage.database import AdvisoryLock, Connection
from moderation.storage.given import Among
from moderation.storage.schema import enum_column, id_column, metadata, moment, reference
from moderation.storage.users import users

standings = Table(
    "standings",
    metadata,
    id_column(),
    reference("site_id", "sites"),
    enum_column("subject_kind", SubjectKind),
    Column("subject_id", String(MAX_ID_LENGTH), nullable=False),
    Column("subject_name", String(MAX_SUBJECT_NAME_LENGTH)),
    enum_column("standing", Standing),
    Column("reason", Text),
    moment("ends_at", nullable=True),
    enum_column("source", StandingSource),
    reference("user_id", "users", nullable=True),
    # Entries of the same subject, which are removed together. No foreign keys: for each entry that
    # is removed they would be looked for in the whole table, while nobody can decide.
    Column("replaces", Uuid),
    Column("undoes", Uuid),
    moment("set_at"),
    moment("replaced_at", nullable=True),
    Index("ix_standings_site_id_subject_id", "site_id", "subject_id"),
)

_c = standings.c
_present = _c.replaced_at.is_(None)
# Written into the statement: SQLite uses a partial index only for the very words of its condition.
_unusual = _present & (_c.standing != literal(Standing.ORDINARY.value, literal_execute=True))

Index(
    "uq_standings_present",
    _c.site_id,
    _c.subject_id,
    _c.subject_kind,
    unique=True,
    sqlite_where=_present,
    postgresql_where=_present,
)
Index(
    "ix_standings_unusual",
    _c.site_id,
    _c.id,
    sqlite_where=_present & (_c.standing != Standing.ORDINARY),
    postgresql_where=_present & (_c.standing != Standing.ORDINARY),
)

_with_name = select(standings, users.c.name.label("user_name")).outerjoin(
    users, users.c.id == _c.user_id
)
# Every batch and every page asks, so it is one statement, made once, for all of their subjects.
_PRESENT = _with_name.where(
    Among(_c.site_id, "site_ids"),
    Among(_c.subject_id, "subject_ids"),
    _present,
)

_LOCK = 0x5354414E44
SHARED = AdvisoryLock(_LOCK, shared=True)
"""Keeps standings from changing, and may be held by many who decide."""
EXCLUSIVE = AdvisoryLock(_LOCK)
"""Is waited for until nobody decides, and keeps them waiting."""


def present(
    connection: Connection, wanted: Collection[tuple[SiteId, Subject]]
) -> dict[tuple[SiteId, Subject], StandingChange]:
    """Return the present entries of these subjects, also such as have ended."""
    values = {
        "site_ids": {site_id for site_id, _ in wanted},
        "subject_ids": {subject.id for _, subject in wanted},
    }
    changes = map(to_change, connection.execute(_PRESENT, values))
    found = {(change.site_id, change.subject): change for change in changes}
    return {pair: found[pair] for pair in wanted if pair in found}


def by_id(connection: Connection, standing_id: StandingId) -> StandingChange | None:
    """Return one entry."""
    row = connection.execute(_with_name.where(_c.id == standing_id)).one_or_none()
    return None if row is None else to_change(row)


def of(
    connection: Connection, site_id: SiteId, subject: Subject, limit: int
) -> list[StandingChange]:
    """Return what was set of a subject, newest first."""
    statement = _with_name.where(_is(site_id, subject)).order_by(_c.set_at.desc(), _c.id.desc())
    return [to_change(row) for row in connection.execute(statement.limit(limit))]


def in_force(
    connection: Connection, site_id: SiteId, search: StandingSearch, now: datetime, limit: int
) -> list[StandingChange]:
    """Return what stands at a site and matches, newest first."""
    lasts = or_(_c.ends_at.is_(None), _c.ends_at > now)
    statement = _with_name.where(_c.site_id == site_id, _unusual, lasts)
    if search.kind is not None:
        statement = statement.where(_c.subject_kind == search.kind)
    if begins := search.beginning:
        # No LIKE: SQLite's would take small letters for capital ones.
        statement = statement.where(func.substr(_c.subject_id, 1, len(begins)) == begins)
    if search.before is not None:
        statement = statement.where(_c.id < search.before)
    statement = statement.order_by(_c.id.desc()).limit(limit)
    return [to_change(row) for row in connection.execute(statement)]


def replace(connection: Connection, standing_id: StandingId, at: datetime) -> None:
    """Note that an entry is not the present one any more."""
    connection.execute(update(standings).where(_c.id == standing_id).values(replaced_at=at))


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Append an entry."""
    connection.execute(insert(standings).values(**values))


def forget(connection: Connection, site_id: SiteId, subject: Subject) -> int:
    """Remove all that was ever set of a subject; return how many entries that were."""
    return connection.execute(delete(standings).where(_is(site_id, subject))).rowcount


def forget_over(connection: Connection, over_before: datetime, limit: int) -> int:
    """Remove all of subjects that have been ordinary since before a moment; return how many."""
    cleared = (_c.standing == Standing.ORDINARY) & (_c.set_at < over_before)
    chosen = (
        select(_c.site_id, _c.subject_id, _c.subject_kind)
        .where(_present, or_(cleared, _c.ends_at < over_before))
        .limit(limit)
    )
    subjects = [tuple(row) for row in connection.execute(chosen)]
    _remove(connection, subjects)
    return len(subjects)


def to_change(row: Row[Any]) -> StandingChange:
    """Turn a row (with `user_name`) into the value."""
    return StandingChange(
        id=row.id,
        site_id=row.site_id,
        subject=Subject(SubjectKind(row.subject_kind), row.subject_id),
        name=row.subject_name,
        standing=Standing(row.standing),
        reason=row.reason,
        ends_at=row.ends_at,
        source=StandingSource(row.source),
        user_id=row.user_id,
        user_name=row.user_name,
        replaces=row.replaces,
        undoes=row.undoes,
        set_at=row.set_at,
        replaced_at=row.replaced_at,
    )


def _remove(connection: Connection, subjects: Sequence[tuple[Any, ...]]) -> None:
    keys = tuple_(_c.site_id, _c.subject_id, _c.subject_kind)
    connection.execute(delete(standings).where(keys.in_(subjects)))


def _is(site_id: SiteId, subject: Subject) -> ColumnElement[bool]:
    return (
        (_c.site_id == site_id)
        & (_c.subject_id == subject.id)
        & (_c.subject_kind == subject.kind.value)
    )
