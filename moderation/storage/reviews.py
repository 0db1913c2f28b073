"""Reviews: what waits for a person, in the order of its risk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Float, Index, Integer, Row, Table, bindparam, insert, select, update

from moderation.model.decisions import Reason, ReasonKind
from moderation.model.ids import CommentId
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
)

_c = reviews.c
_waiting = _c.state != ReviewState.RESOLVED

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
    """Erase what people wrote in the reasons for which a comment waited."""
    rows = connection.execute(select(_c.id, _c.reasons).where(_c.comment_id == comment_id))
    for row in rows.all():
        connection.execute(
            update(reviews).where(_c.id == row.id).values(reasons=without_words(row.reasons))
        )


def resolve(connection: Connection, comment_ids: Sequence[CommentId], at: datetime) -> None:
    """Close whatever review waits on these comments."""
    connection.execute(_RESOLVE, {"comment_ids": comment_ids, "at": at})


def of_waiting(connection: Connection, comment_id: CommentId) -> Row[Any] | None:
    """Return the review that waits on a comment."""
    statement = select(reviews).where(_c.comment_id == comment_id, _waiting)
    return connection.execute(statement).one_or_none()


def add_reason(connection: Connection, row: Row[Any], kind: ReasonKind, risk: float) -> None:
    """Let a waiting review say once that it waits for this too, and press at least so much."""
    reasons = list(row.reasons)
    if all(reason["kind"] != kind for reason in reasons):
        reasons.append({"kind": kind.value})
    values = {"risk": max(row.risk, risk), "reasons": reasons}
    connection.execute(update(reviews).where(_c.id == row.id).values(values))
