"""Samples of the audit: what automation approved, and people judge without knowing that."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Row,
    Table,
    Uuid,
    case,
    false,
    insert,
    literal,
    select,
    update,
)

from moderation.model.audits import SampleState
from moderation.model.ids import AuditSampleId, CommentId, DecisionId, SiteId, UserId
from moderation.storage.classifications import classifications
from moderation.storage.database import Connection
from moderation.storage.decisions import decisions
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
unjudged = _c.state == literal(SampleState.OPEN.value, literal_execute=True)
"""Whether nobody has judged it, and its text is still there."""

for _name, _columns in (
    ("ix_audit_samples_open", (_c.site_id, _c.sampled_at)),
    ("uq_audit_samples_open", (_c.comment_id,)),
):
    Index(
        _name,
        *_columns,
        unique=_name.startswith("uq"),
        sqlite_where=unjudged,
        postgresql_where=unjudged,
    )
Index("ix_audit_samples_sampled", _c.site_id, _c.sampled_at)

NOT_HELD = {"held_by": None, "held_until": None}
_NOT_JUDGED = dict.fromkeys(("judged_by", "judged_at", "outcome_id"))


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let people judge these approvals."""
    connection.execute(insert(audit_samples), list(rows))


def by_id(connection: Connection, sample_id: AuditSampleId) -> Row[Any] | None:
    """Return a sample as a whole row."""
    return connection.execute(select(audit_samples).where(_c.id == sample_id)).one_or_none()


def open_on(connection: Connection, comment_id: CommentId) -> Row[Any] | None:
    """Return the sample of a comment that nobody has judged yet."""
    statement = select(audit_samples).where(_c.comment_id == comment_id, unjudged)
    return connection.execute(statement).one_or_none()


def by_outcome(connection: Connection, decision_id: DecisionId) -> Row[Any] | None:
    """Return the sample that was judged by this decision."""
    statement = select(audit_samples).where(_c.outcome_id == decision_id)
    return connection.execute(statement).one_or_none()


def chosen_since(connection: Connection, site_id: SiteId, since: datetime) -> list[Row[Any]]:
    """Return what was chosen from a moment on, in which language, and why people rejected it."""
    approval, outcome = decisions.alias("approval"), decisions.alias("outcome")
    statement = (
        select(
            *(_c.sampled_at, _c.probability, _c.state, _c.blind),
            classifications.c.language,
            outcome.c.reasons,
        )
        .join(approval, approval.c.id == _c.decision_id)
        .join(classifications, classifications.c.id == approval.c.classification_id)
        .outerjoin(outcome, outcome.c.id == _c.outcome_id)
        .where(_c.site_id == site_id, _c.sampled_at >= since)
    )
    return list(connection.execute(statement))


def keep(connection: Connection, sample_id: AuditSampleId, user_id: UserId, now: datetime) -> None:
    """Note that somebody would have approved it too."""
    judged = {"state": SampleState.KEPT, "judged_by": user_id, "judged_at": now}
    _change(connection, sample_id, **judged)


def settle(
    connection: Connection, comment_id: CommentId, state: SampleState, outcome: Mapping[str, Any]
) -> None:
    """Note what a person's decision on the comment says of it.

    It was blind only where it is theirs who was given the sample: others decided openly.
    """
    blind = case((_c.held_by == outcome["judged_by"], _c.blind), else_=false())
    statement = update(audit_samples).where(_c.comment_id == comment_id, unjudged)
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
    statement = update(audit_samples).where(_c.comment_id == comment_id, unjudged)
    connection.execute(statement.values(state=SampleState.MOOT, **NOT_HELD))


def _change(connection: Connection, sample_id: AuditSampleId, **values: Any) -> None:  # noqa: ANN401 - column values
    connection.execute(update(audit_samples).where(_c.id == sample_id).values(**values))
