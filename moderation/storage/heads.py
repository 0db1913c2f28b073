"""Heads of sites: their weights, what they were trained on, and which one is on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    bindparam,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from moderation.model.head_trials import Trial
from moderation.model.heads import LEASE, ClaimedHead, HeadState, Lessons, SiteHead
from moderation.model.ids import HeadId, SiteId, moment_of
from moderation.model.learning import Supply
from moderation.storage.database import Connection
from moderation.storage.schema import (
    enum_column,
    id_column,
    json_column,
    metadata,
    moment,
    reference,
)
from moderation.storage.users import users

heads = Table(
    "heads",
    metadata,
    id_column(),
    reference("site_id", "sites"),
    Column("number", Integer, nullable=False),
    # Whose scores it goes by.
    Column("classifier", String(100), nullable=False),
    enum_column("state", HeadState),
    reference("asked_by", "users", nullable=True),
    moment("asked_at"),
    # How often somebody began to train it.
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failure", Text),
    # What it was trained on: decisions before a moment, and no id of a comment. While it waits,
    # that is when somebody last began to train it, and others leave it alone for a while.
    moment("until", nullable=True),
    Column("approved", Integer),
    Column("rejected", Integer),
    moment("first_written_at", nullable=True),
    moment("last_written_at", nullable=True),
    Column("digest", String(64)),
    json_column("trial", nullable=True),
    Column("weights", LargeBinary),
    # Of the weights: SHA-256 in hexadecimal digits.
    Column("fingerprint", String(64)),
    reference("on_by", "users", nullable=True),
    moment("on_at", nullable=True),
    moment("off_at", nullable=True),
    # The classification down to which the past has its scores.
    Column("filled_before", Uuid),
    moment("filled_at", nullable=True),
    UniqueConstraint("site_id", "number"),
)

_c = heads.c
is_on = and_(_c.on_at.is_not(None), _c.off_at.is_(None))
_waits = _c.state == HeadState.ASKED
Index("uq_heads_on", _c.site_id, unique=True, sqlite_where=is_on, postgresql_where=is_on)

_named = [column for column in _c if column.name not in {"weights", "asked_by", "on_by"}]
_asker, _switcher = users.alias("asker"), users.alias("switcher")
_WITH_NAMES: Select[Any] = (
    select(*_named, _asker.c.name.label("asked_by"), _switcher.c.name.label("on_by"))
    .outerjoin(_asker, _asker.c.id == _c.asked_by)
    .outerjoin(_switcher, _switcher.c.id == _c.on_by)
)

_FILLED = select(_c.filled_before).where(_c.id == bindparam("id"))


def add(connection: Connection, **values: Any) -> None:  # noqa: ANN401 - column values
    """Insert one that is to be trained."""
    connection.execute(insert(heads).values(**values))


def change(connection: Connection, head_id: HeadId, values: Mapping[str, Any]) -> None:
    """Set columns of one."""
    connection.execute(update(heads).where(_c.id == head_id).values(**values))


def of_site(connection: Connection, site_id: SiteId) -> list[SiteHead]:
    """Return all of a site, the newest first."""
    statement = _WITH_NAMES.where(_c.site_id == site_id).order_by(_c.number.desc())
    return [_to_head(row) for row in connection.execute(statement)]


def by_id(connection: Connection, head_id: HeadId) -> SiteHead | None:
    """Return one."""
    row = connection.execute(_WITH_NAMES.where(_c.id == head_id)).one_or_none()
    return None if row is None else _to_head(row)


def weights_of(connection: Connection, head_id: HeadId) -> bytes | None:
    """Return its weights; None where there are none."""
    statement = select(_c.weights).where(_c.id == head_id)
    return connection.execute(statement).scalar_one_or_none()


def is_on_for(connection: Connection, site_id: SiteId, classifier: str) -> bool:
    """Say whether a site has one that is on, over the scores of this classifier version."""
    statement = select(_c.id).where(_c.site_id == site_id, is_on, _c.classifier == classifier)
    return connection.execute(statement).first() is not None


def next_number(connection: Connection, site_id: SiteId) -> int:
    """Return the number of the site's next one."""
    statement = select(func.coalesce(func.max(_c.number), 0)).where(_c.site_id == site_id)
    return int(connection.execute(statement).scalar_one()) + 1


def any_turn(connection: Connection, now: datetime) -> bool:
    """Say whether one waits to be trained, or to give the past its scores."""
    turns = _unclaimed(now) | (is_on & _c.filled_at.is_(None))
    return connection.execute(select(_c.id).where(turns).limit(1)).first() is not None


def claim(connection: Connection, now: datetime) -> ClaimedHead | None:
    """Take the one that waits longest to be trained, one attempt more; what others train aside."""
    waits = select(_c.id).where(_unclaimed(now)).order_by(_c.asked_at, _c.id).limit(1)
    # Passed over is also what somebody else is taking just now.
    head_id = connection.execute(waits.with_for_update(skip_locked=True)).scalar_one_or_none()
    if head_id is None:
        return None
    taken = update(heads).where(_c.id == head_id).values(until=now, attempts=_c.attempts + 1)
    return ClaimedHead(head_id, now, connection.execute(taken.returning(_c.attempts)).scalar_one())


def hand_back(connection: Connection, claimed: ClaimedHead) -> None:
    """Let others take one at once, unless somebody else has it by now."""
    held = _waits & (_c.id == claimed.id) & (_c.until == claimed.until)
    connection.execute(update(heads).where(held).values(until=None))


def settle(connection: Connection, head_id: HeadId, values: Mapping[str, Any]) -> None:
    """Keep what came of training one, unless somebody else was faster."""
    connection.execute(update(heads).where(_waits, _c.id == head_id).values(**values))


def next_to_fill(connection: Connection) -> HeadId | None:
    """Return one that is on and has not given the past its scores yet."""
    statement = select(_c.id).where(is_on, _c.filled_at.is_(None)).order_by(_c.on_at).limit(1)
    return connection.execute(statement).scalar_one_or_none()


def filled_before(connection: Connection, head_id: HeadId) -> UUID | None:
    """Return the classification down to which the past has its scores."""
    found: UUID | None = connection.execute(_FILLED, {"id": head_id}).scalar_one()
    return found


def _unclaimed(now: datetime) -> ColumnElement[bool]:
    # One that began long after now was claimed by a clock gone wrong.
    held = _c.until.between(now - LEASE, now + LEASE)
    return and_(_waits, or_(_c.until.is_(None), not_(held)))


def _to_head(row: Row[Any]) -> SiteHead:
    return SiteHead(
        id=row.id,
        site_id=row.site_id,
        number=row.number,
        classifier=row.classifier,
        state=HeadState(row.state),
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        failure=row.failure,
        lessons=_to_lessons(row),
        trial=None if row.trial is None else Trial.from_json(row.trial),
        fingerprint=row.fingerprint,
        on_at=row.on_at,
        on_by=row.on_by,
        off_at=row.off_at,
        filled_back_to=None if row.filled_before is None else moment_of(row.filled_before),
        filled=row.filled_at is not None,
    )


def _to_lessons(row: Row[Any]) -> Lessons | None:
    if row.digest is None:
        return None
    supply = Supply(row.approved, row.rejected)
    return Lessons(row.until, supply, row.first_written_at, row.last_written_at, row.digest)
