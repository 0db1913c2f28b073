"""Samples of the audit: what automation approved, and people judge without knowing that."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    Row,
    Table,
    Uuid,
    and_,
    case,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from moderation.model.audits import WAITS_FOR, SampleState
from moderation.model.ids import AuditSampleId, CommentId, DecisionId, SiteId, UserId
from moderation.model.reviews import CLAIM
from moderation.storage.database import Connection
from moderation.storage.reviews import reviews, waiting
from moderation.storage.schema import enum_column, id_column, metadata, moment, reference

audit_samples = Table(
    "audit_samples",
    metadata,
    id_column(),
    reference("comment_id", "comments"),
    reference("site_id", "sites"),
    Column("revision", Integer, nullable=False),
    # Unique: an approval is chosen once. Its classification says which version scored what.
    Column("decision_id", Uuid, ForeignKey("decisions.id"), nullable=False, unique=True),
    # With which chance it was chosen: it stands for one over this of them.
    Column("probability", Float, nullable=False),
    # In which order they are judged, by chance: so those judged so far are a sample of their own.
    Column("turn", Float, nullable=False),
    enum_column("state", SampleState, default=SampleState.OPEN),
    # Whether others were mixed in when somebody was given it.
    Column("blind", Boolean, nullable=False, server_default=false()),
    reference("judged_by", "users", nullable=True),
    # The decision by which a person rejected it, or openly approved it.
    Column("outcome_id", Uuid, ForeignKey("decisions.id"), unique=True),
    # Who has it on the screen just now, and until when nobody else gets it.
    reference("held_by", "users", nullable=True),
    moment("held_until", nullable=True),
    # Who put it behind the others last, and for how long.
    reference("skipped_by", "users", nullable=True),
    moment("skipped_until", nullable=True),
    moment("sampled_at"),
    moment("judged_at", nullable=True),
)

_c = audit_samples.c
# Written into the statement: SQLite uses a partial index only for the very words of its condition.
_open = _c.state == literal(SampleState.OPEN.value, literal_execute=True)

for _name, _columns in (
    ("ix_audit_samples_open", (_c.site_id, _c.sampled_at)),
    ("uq_audit_samples_open", (_c.comment_id,)),
):
    Index(
        _name,
        *_columns,
        unique=_name.startswith("uq"),
        sqlite_where=_open,
        postgresql_where=_open,
    )
Index("ix_audit_samples_sampled", _c.site_id, _c.sampled_at)

_NOT_HELD = {"held_by": None, "held_until": None}
_NOT_JUDGED = dict.fromkeys(("judged_by", "judged_at", "outcome_id"))


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let people judge these approvals."""
    connection.execute(insert(audit_samples), list(rows))


def by_id(connection: Connection, sample_id: AuditSampleId) -> Row[Any] | None:
    """Return a sample as a whole row."""
    return connection.execute(select(audit_samples).where(_c.id == sample_id)).one_or_none()


def open_on(connection: Connection, comment_id: CommentId) -> Row[Any] | None:
    """Return the sample of a comment that nobody has judged yet."""
    statement = select(audit_samples).where(_c.comment_id == comment_id, _open)
    return connection.execute(statement).one_or_none()


def by_outcome(connection: Connection, decision_id: DecisionId) -> Row[Any] | None:
    """Return the sample that was judged by this decision."""
    statement = select(audit_samples).where(_c.outcome_id == decision_id)
    return connection.execute(statement).one_or_none()


def free(
    connection: Connection,
    site_ids: Collection[SiteId],
    user_id: UserId,
    now: datetime,
    most: int,
) -> list[Row[Any]]:
    """Return what somebody could be given: what they have already, then by its turn."""
    statement = (
        select(_c.id, _c.comment_id)
        .where(_for(site_ids, user_id, now))
        .order_by((_c.held_by == user_id).desc().nulls_last(), _c.turn)
        .limit(most)
    )
    return list(connection.execute(statement))


def count(
    connection: Connection,
    site_ids: Collection[SiteId],
    user_id: UserId,
    now: datetime,
    most: int,
) -> int:
    """Count what somebody could be given, up to `most`."""
    few = select(_c.id).where(_for(site_ids, user_id, now)).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(few)).scalar_one()


def take(
    connection: Connection,
    sample_ids: Sequence[AuditSampleId],
    user_id: UserId,
    now: datetime,
    *,
    blind: bool,
) -> CommentId | None:
    """Give somebody the first of these that nobody else has; None where others were faster."""
    place = {sample_id: number for number, sample_id in enumerate(sample_ids)}
    chosen = (
        select(_c.id)
        .where(_c.id.in_(sample_ids), _open, _not_held(user_id, now))
        .order_by(case(place, value=_c.id))
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    statement = (
        update(audit_samples)
        .where(_c.id.in_(select(chosen.c.id)))
        .values(held_by=user_id, held_until=now + CLAIM, blind=blind)
        .returning(_c.comment_id)
    )
    return connection.execute(statement).scalar_one_or_none()


def renew(
    connection: Connection, comment_id: CommentId, user_id: UserId, now: datetime
) -> Row[Any] | None:
    """Let somebody keep what they were given, if nobody else was given it since."""
    statement = update(audit_samples).where(_c.comment_id == comment_id, _open)
    mine = statement.where(_c.held_by == user_id).values(held_until=now + CLAIM)
    return connection.execute(mine.returning(audit_samples)).one_or_none()


def keep(connection: Connection, sample_id: AuditSampleId, user_id: UserId, now: datetime) -> None:
    """Note that somebody would have approved it too."""
    judged = {"state": SampleState.KEPT, "judged_by": user_id, "judged_at": now}
    _change(connection, sample_id, **judged)


def skip(
    connection: Connection, sample_id: AuditSampleId, user_id: UserId, until: datetime
) -> None:
    """Put it behind the others for somebody, and leave it to everybody else."""
    _change(connection, sample_id, skipped_by=user_id, skipped_until=until, **_NOT_HELD)


def unskip(connection: Connection, sample_id: AuditSampleId, user_id: UserId) -> bool:
    """Take a skip back; False where somebody else skipped it since."""
    statement = update(audit_samples).where(_c.id == sample_id, _open, _c.skipped_by == user_id)
    return connection.execute(statement.values(skipped_by=None, skipped_until=None)).rowcount == 1


def settle(
    connection: Connection, comment_id: CommentId, state: SampleState, outcome: Mapping[str, Any]
) -> None:
    """Note what a person's decision on the comment says of it.

    It was blind only where it is theirs who was given the sample: others decided openly.
    """
    blind = case((_c.held_by == outcome["judged_by"], _c.blind), else_=false())
    statement = update(audit_samples).where(_c.comment_id == comment_id, _open)
    connection.execute(statement.values(state=state, blind=blind, **outcome))


def reopen(connection: Connection, undone: DecisionId) -> None:
    """Let what was judged by a decision wait again, which a person has just taken back."""
    statement = update(audit_samples).where(_c.outcome_id == undone)
    connection.execute(statement.values(state=SampleState.OPEN, **_NOT_JUDGED))


def unkeep(
    connection: Connection, sample_id: AuditSampleId, user_id: UserId, until: datetime
) -> None:
    """Let what somebody kept wait again, for the same person first."""
    back = {"state": SampleState.OPEN, "held_by": user_id, "held_until": until}
    _change(connection, sample_id, **back, **_NOT_JUDGED)


def call_off(connection: Connection, comment_id: CommentId) -> None:
    """Let nobody judge a text any more that was replaced or withdrawn."""
    statement = update(audit_samples).where(_c.comment_id == comment_id, _open)
    connection.execute(statement.values(state=SampleState.MOOT, **_NOT_HELD))


def _for(site_ids: Collection[SiteId], user_id: UserId, now: datetime) -> ColumnElement[bool]:
    """Return the condition of a sample that somebody can be given.

    What waits in the queue too, because readers complained, is judged there.
    """
    unskipped = or_(_c.skipped_by.is_(None), _c.skipped_by != user_id, _c.skipped_until <= now)
    waits = exists().where(reviews.c.comment_id == _c.comment_id, waiting)
    return and_(
        _open,
        _c.site_id.in_(site_ids),
        _c.sampled_at > now - WAITS_FOR,
        _not_held(user_id, now),
        unskipped,
        ~waits,
    )


def _not_held(user_id: UserId, now: datetime) -> ColumnElement[bool]:
    return or_(_c.held_by.is_(None), _c.held_by == user_id, _c.held_until <= now)


def _change(connection: Connection, sample_id: AuditSampleId, **values: Any) -> None:  # noqa: ANN401 - column values
    connection.execute(update(audit_samples).where(_c.id == sample_id).values(**values))
