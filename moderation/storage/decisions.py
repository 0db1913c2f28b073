"""Decisions: append-only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    literal,
    select,
    update,
)

from moderation.model.decisions import Action, Decision, Reason, ReasonKind, Source
from moderation.model.ids import CommentId, DecisionId, SiteId, UserId
from moderation.model.labels import Label
from moderation.storage.database import Connection
from moderation.storage.inserting import insert_all
from moderation.storage.schema import (
    enum_column,
    id_column,
    json_column,
    metadata,
    moment,
    reference,
)
from moderation.storage.users import users

decisions = Table(
    "decisions",
    metadata,
    id_column(),
    reference("comment_id", "comments"),
    reference("site_id", "sites"),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    enum_column("action", Action),
    enum_column("source", Source),
    json_column("reasons"),
    Column("policy_version", Integer),
    Column("classifier", String(100)),
    reference("classification_id", "classifications", nullable=True),
    reference("user_id", "users", nullable=True),
    Column("note", Text),
    # What the site is to pass on to whoever wrote the comment.
    Column("message_to_author", Text),
    Column("undoes", Uuid, ForeignKey("decisions.id"), unique=True),
    Column("imported", Boolean, nullable=False, default=False),
    moment("decided_at"),
    Index("ix_decisions_comment_id_sequence", "comment_id", "sequence", unique=True),
    Index("ix_decisions_site_id_id", "site_id", "id"),
)

WORDED = (ReasonKind.MODERATOR, ReasonKind.WORD_LIST)
"""Kinds of reasons whose detail is forgotten with the comment."""

_c = decisions.c

# Written into the statement: SQLite uses a partial index only for the very words of its condition.
_automation = literal(Source.AUTOMATION.value, literal_execute=True)
by_automation = _c.source == _automation
by_people = _c.source != _automation

# What rates and simulations are counted from, however long the history is: no table has to be read
# for it.
for _name, _columns, _whose in (
    ("ix_decisions_by_people", (_c.site_id, _c.id), by_people),
    ("ix_decisions_rates_of_automation", (_c.site_id, _c.action, _c.decided_at), by_automation),
    ("ix_decisions_rates_of_people", (_c.site_id, _c.imported, _c.decided_at), by_people),
):
    Index(_name, *_columns, sqlite_where=_whose, postgresql_where=_whose)


def undoes_nothing(of: Any) -> Any:  # noqa: ANN401 - columns, and a condition
    """Return the condition that a decision takes no other back."""
    # Not `IS NULL`: SQLite would look for all decisions of which that holds, which are nearly all.
    return func.coalesce(of.undoes, of.id) == of.id


_with_name = select(decisions, users.c.name.label("user_name")).outerjoin(
    users, users.c.id == _c.user_id
)

_LAST = (
    _with_name.where(_c.comment_id == bindparam("comment_id")).order_by(_c.sequence.desc()).limit(1)
)


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append decisions."""
    insert_all(connection, decisions, rows)


def by_id(connection: Connection, decision_id: DecisionId) -> Decision | None:
    """Return one decision."""
    row = connection.execute(_with_name.where(_c.id == decision_id)).one_or_none()
    return None if row is None else to_decision(row)


def of(connection: Connection, comment_id: CommentId) -> list[Decision]:
    """Return all decisions on a comment, newest first."""
    statement = _with_name.where(_c.comment_id == comment_id).order_by(_c.sequence.desc())
    return [to_decision(row) for row in connection.execute(statement)]


def before(connection: Connection, decision: Decision) -> Decision | None:
    """Return the decision that stood before this one."""
    row = connection.execute(
        _with_name.where(_c.comment_id == decision.comment_id, _c.sequence < decision.sequence)
        .order_by(_c.sequence.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else to_decision(row)


def people_on(connection: Connection, comment_id: CommentId) -> frozenset[UserId]:
    """Return who ever decided on a comment."""
    statement = select(_c.user_id).where(_c.comment_id == comment_id, _c.user_id.is_not(None))
    return frozenset(connection.execute(statement).scalars())


def count_approvals(
    connection: Connection, site_id: SiteId, since: UUID, most: int
) -> tuple[int, datetime | None]:
    """Count the newest approvals by automation from an id on, up to `most`; and when that began."""
    newest = (
        select(_c.decided_at)
        .where(_c.site_id == site_id, _c.id >= since)
        .where(_c.source == Source.AUTOMATION, _c.action == Action.APPROVE)
        .order_by(_c.id.desc())
        .limit(most)
        .subquery()
    )
    row = connection.execute(select(func.count(), func.min(newest.c.decided_at))).one()
    return row[0], row[1]


def last(connection: Connection, comment_id: CommentId) -> Row[Any] | None:
    """Return the newest decision on a comment, as a whole row."""
    return connection.execute(_LAST, {"comment_id": comment_id}).one_or_none()


def forget_words(connection: Connection, comment_id: CommentId) -> None:
    """Erase what was written in decisions on a comment: notes, reasons, messages, words found."""
    rows = connection.execute(select(_c.id, _c.reasons).where(_c.comment_id == comment_id))
    for row in rows.all():
        connection.execute(
            update(decisions)
            .where(_c.id == row.id)
            .values(note=None, message_to_author=None, reasons=without_words(row.reasons))
        )


def without_words(reasons: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return stored reasons without what a person wrote, or a list found in the text."""
    return [
        {
            name: value
            for name, value in reason.items()
            if name != "detail" or reason["kind"] not in WORDED
        }
        for reason in reasons
    ]


def to_decision(row: Row[Any]) -> Decision:
    """Turn a row (with `user_name`) into the value."""
    return Decision(
        id=row.id,
        comment_id=row.comment_id,
        revision=row.revision,
        sequence=row.sequence,
        action=Action(row.action),
        source=Source(row.source),
        reasons=tuple(to_reason(stored) for stored in row.reasons),
        policy_version=row.policy_version,
        classifier=row.classifier,
        user_id=row.user_id,
        user_name=row.user_name,
        note=row.note,
        undoes=row.undoes,
        imported=row.imported,
        decided_at=row.decided_at,
        message_to_author=row.message_to_author,
    )


def from_reason(reason: Reason) -> dict[str, Any]:
    """Turn a reason into what is stored: only what it has."""
    stored = {
        "kind": reason.kind.value,
        "label": reason.label and reason.label.value,
        "score": reason.score,
        "threshold": reason.threshold,
        "detail": reason.detail,
        "code": reason.code,
        "title": reason.title,
    }
    return {name: value for name, value in stored.items() if value is not None}


def to_reason(stored: Mapping[str, Any]) -> Reason:
    """Turn a stored reason back into the value."""
    label = stored.get("label")
    return Reason(
        kind=ReasonKind(stored["kind"]),
        label=Label(label) if label else None,
        score=stored.get("score"),
        threshold=stored.get("threshold"),
        detail=stored.get("detail"),
        code=stored.get("code"),
        title=stored.get("title"),
    )
