"""Reviews: what waits for a person, in the order of its risk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Float,
    Index,
    Integer,
    Row,
    Table,
    Text,
    bindparam,
    insert,
    literal,
    select,
    update,
)

from moderation.model.decisions import Reason
from moderation.model.ids import CommentId, UserId
from moderation.model.reviews import ReviewState
from moderation.storage.database import Connection
from moderation.storage.decisions import to_reason, without_words
from moderation.storage.schema import (
    enum_column,
    id_column,
    json_column,
    metadata,
    moment,
    reference,
)

reviews = Table(
    "reviews",
    metadata,
    id_column(),
    reference("comment_id", "comments"),
    reference("site_id", "sites"),
    Column("revision", Integer, nullable=False),
    enum_column("state", ReviewState, default=ReviewState.OPEN),
    Column("risk", Float, nullable=False),
    json_column("reasons"),
    moment("opened_at"),
    reference("claimed_by", "users", nullable=True),
    moment("claimed_until", nullable=True),
    moment("resolved_at", nullable=True),
    # While it waits for operators; who and why stay when they send it back.
    moment("escalated_at", nullable=True),
    reference("escalated_by", "users", nullable=True),
    Column("escalation_note", Text),
)

_c = reviews.c
_waiting = _c.state != ReviewState.RESOLVED

# Written into the statement: SQLite uses a partial index only for the very words of its condition.
waiting = _c.state != literal(ReviewState.RESOLVED.value, literal_execute=True)
escalated = _c.escalated_at.is_not(None)

Index(
    "uq_reviews_waiting",
    _c.comment_id,
    unique=True,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
Index(
    "ix_reviews_queue",
    _c.site_id,
    _c.risk.desc(),
    _c.id,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
Index(
    "ix_reviews_escalated",
    _c.site_id,
    _c.risk.desc(),
    _c.id,
    sqlite_where=_waiting & escalated,
    postgresql_where=_waiting & escalated,
)
_RESOLVE = (
    update(reviews)
    .where(_c.comment_id.in_(bindparam("comment_ids", expanding=True)), _waiting)
    .values(state=ReviewState.RESOLVED, resolved_at=bindparam("at"))
)


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Open reviews."""
    connection.execute(insert(reviews), list(rows))


def reopen(connection: Connection, comment_id: CommentId, revision: int) -> bool:
    """Open the last review of a text again, at its old place; False where it had none."""
    last = (
        select(_c.id)
        .where(_c.comment_id == comment_id, _c.revision == revision)
        .order_by(_c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    result = connection.execute(
        update(reviews).where(_c.id == last).values(state=ReviewState.OPEN, resolved_at=None)
    )
    return result.rowcount == 1


def reasons_of_waiting(connection: Connection, comment_id: CommentId) -> list[Reason]:
    """Return why a comment waits; nothing where it does not."""
    statement = select(_c.reasons).where(_c.comment_id == comment_id, _waiting)
    return [to_reason(stored) for stored in connection.execute(statement).scalar() or ()]


def forget_words(connection: Connection, comment_id: CommentId) -> None:
    """Erase what people wrote of why a comment waited, or was escalated."""
    rows = connection.execute(select(_c.id, _c.reasons).where(_c.comment_id == comment_id))
    for row in rows.all():
        connection.execute(
            update(reviews)
            .where(_c.id == row.id)
            .values(escalation_note=None, reasons=without_words(row.reasons))
        )


def resolve(connection: Connection, comment_ids: Sequence[CommentId], at: datetime) -> None:
    """Close whatever review waits on these comments."""
    connection.execute(_RESOLVE, {"comment_ids": comment_ids, "at": at})


def of_waiting(connection: Connection, comment_id: CommentId) -> Row[Any] | None:
    """Return the review that waits on a comment."""
    statement = select(reviews).where(_c.comment_id == comment_id, waiting)
    return connection.execute(statement).one_or_none()


def escalate(
    connection: Connection, review_id: UUID, by: UserId, note: str | None, at: datetime
) -> None:
    """Let a review wait for operators."""
    _change(connection, review_id, escalated_at=at, escalated_by=by, escalation_note=note)


def send_back(connection: Connection, review_id: UUID) -> None:
    """Let a review wait for everybody again; who escalated it, and why, stays."""
    _change(connection, review_id, escalated_at=None)


def escalate_again(connection: Connection, review_id: UUID, at: datetime) -> None:
    """Take back that a review was sent back."""
    _change(connection, review_id, escalated_at=at)


def forget_escalation(connection: Connection, review_id: UUID) -> None:
    """Take back that a review was escalated."""
    _change(connection, review_id, escalated_at=None, escalated_by=None, escalation_note=None)


def _change(connection: Connection, review_id: UUID, **values: Any) -> None:  # noqa: ANN401 - column values
    connection.execute(update(reviews).where(_c.id == review_id).values(**values))
