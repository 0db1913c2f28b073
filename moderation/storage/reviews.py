"""Reviews: what waits for a person, in which order, and who is on it."""

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
    String,
    Table,
    Text,
    bindparam,
    insert,
    literal,
    or_,
    select,
    update,
)

from moderation.model.decisions import Reason, ReasonKind
from moderation.model.ids import CommentId, UserId
from moderation.model.reviews import Cause, ReviewState, causes_of, due_at
from moderation.storage.database import Connection
from moderation.storage.decisions import from_reason, to_reason, without_words
from moderation.storage.given import Among
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
    # What it is found by: see `Cause`; and where and by whom it was written, if the site says so.
    Column("causes", Integer, nullable=False),
    Column("section", String(255)),
    Column("author", String(255)),
    # Its place in the queue, which moves only forward: see `due_at` and `add_reason`.
    moment("due_at"),
    reference("claimed_by", "users", nullable=True),
    moment("claimed_at", nullable=True),
    moment("claimed_until", nullable=True),
    reference("handed_to", "users", nullable=True),
    reference("handed_by", "users", nullable=True),
    Column("handed_word", String(200)),
    moment("handed_at", nullable=True),
    moment("resolved_at", nullable=True),
    # While it waits for operators; who and why stay when they send it back.
    moment("escalated_at", nullable=True),
    reference("escalated_by", "users", nullable=True),
    Column("escalation_note", Text),
)

_c = reviews.c

# Written into the statement: SQLite uses a partial index only for the very words of its condition.
waiting = _c.state != literal(ReviewState.RESOLVED.value, literal_execute=True)
"""Whether somebody still has to look."""

escalated = _c.escalated_at.is_not(None)
"""Whether operators have to, and nobody else."""

FREE = {"claimed_by": None, "claimed_at": None, "claimed_until": None}
NOT_HANDED = dict.fromkeys(("handed_to", "handed_by", "handed_word", "handed_at"))


def _of_waiting(name: str, *columns: Column[Any], unique: bool = False) -> None:
    """Index what waits only: however long the history is, that is little."""
    Index(name, *columns, unique=unique, sqlite_where=waiting, postgresql_where=waiting)


_of_waiting("uq_reviews_waiting", _c.comment_id, unique=True)
# What filters ask for stands in the index too: a filter that few comments match reads no table.
# The state is always the same there, but SQLite would go and look.
_sought = (_c.causes, _c.opened_at, _c.section, _c.state, _c.escalated_at)
_of_waiting("ix_reviews_queue", _c.site_id, _c.due_at, _c.id, *_sought)
_of_waiting("ix_reviews_nearest", _c.site_id, _c.risk, _c.id, *_sought)
_of_waiting("ix_reviews_author", _c.site_id, _c.author, _c.due_at, _c.id)
# Since when the first one waits at each site; the state as above.
_of_waiting("ix_reviews_opened", _c.site_id, _c.opened_at, _c.state)

# What was closed when, to open it again.
Index("ix_reviews_comment_id", _c.comment_id)

for _whose in (_c.claimed_by, _c.handed_to):
    _is_somebodys = _whose.is_not(None)
    Index(
        f"ix_reviews_{_whose.name}",
        _whose,
        sqlite_where=_is_somebodys,
        postgresql_where=_is_somebodys,
    )

Index(
    "ix_reviews_escalated",
    _c.site_id,
    _c.due_at,
    _c.id,
    sqlite_where=waiting & escalated,
    postgresql_where=waiting & escalated,
)

_RESOLVE = (
    update(reviews)
    .where(Among(_c.comment_id, "comment_ids"), waiting)
    .values(state=ReviewState.RESOLVED, resolved_at=bindparam("at"), **FREE, **NOT_HANDED)
)


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Open reviews."""
    connection.execute(insert(reviews), list(rows))


def reopen(connection: Connection, comment_id: CommentId, closed_at: datetime) -> bool:
    """Open again, at its old place, the review that was closed then; False where none was."""
    closed = update(reviews).where(_c.comment_id == comment_id, _c.resolved_at == closed_at)
    values = {"state": ReviewState.OPEN, "resolved_at": None}
    return connection.execute(closed.values(values)).rowcount == 1


def reasons_of_waiting(connection: Connection, comment_id: CommentId) -> list[Reason]:
    """Return why a comment waits; nothing where it does not."""
    statement = select(_c.reasons).where(_c.comment_id == comment_id, waiting)
    return [to_reason(stored) for stored in connection.execute(statement).scalar() or ()]


def forget_words(connection: Connection, comment_id: CommentId) -> None:
    """Erase who wrote a comment, and what people wrote of it while it waited."""
    rows = connection.execute(select(_c.id, _c.reasons).where(_c.comment_id == comment_id))
    words = {"author": None, "handed_word": None, "escalation_note": None}
    for row in rows.all():
        forgotten = {"reasons": without_words(row.reasons), **words}
        connection.execute(update(reviews).where(_c.id == row.id).values(forgotten))


def resolve(connection: Connection, comment_ids: Sequence[CommentId], at: datetime) -> None:
    """Close whatever review waits on these comments."""
    connection.execute(_RESOLVE, {"comment_ids": comment_ids, "at": at})


def of_waiting(connection: Connection, comment_id: CommentId) -> Row[Any] | None:
    """Return the review that waits on a comment."""
    statement = select(reviews).where(_c.comment_id == comment_id, waiting)
    return connection.execute(statement).one_or_none()


def around(
    connection: Connection, comment_id: CommentId, closed_at: datetime
) -> tuple[Row[Any] | None, Row[Any] | None]:
    """Return the review that waits on a comment, and the one that was closed at this moment."""
    statement = select(reviews).where(
        _c.comment_id == comment_id, or_(waiting, _c.resolved_at == closed_at)
    )
    rows = {row.resolved_at is None: row for row in connection.execute(statement)}
    return rows.get(True), rows.get(False)


def waits_for(row: Row[Any] | None) -> Cause:
    """Return for what a comment with this review waits; for nothing where it has none."""
    return Cause(0 if row is None else row.causes)


def add_reason(connection: Connection, row: Row[Any], kind: ReasonKind, risk: float) -> None:
    """Let a waiting review say once that it waits for this too, and press at least so much."""
    reasons = [to_reason(stored) for stored in row.reasons]
    if all(reason.kind is not kind for reason in reasons):
        reasons.append(Reason(kind))
    causes, risk = causes_of(reasons), max(row.risk, risk)
    values = {
        "risk": risk,
        "reasons": [from_reason(reason) for reason in reasons],
        "causes": int(causes),
        "due_at": min(row.due_at, due_at(row.opened_at, risk, causes)),
    }
    connection.execute(update(reviews).where(_c.id == row.id).values(values))


def drop_reason(connection: Connection, row: Row[Any], kind: ReasonKind, at: datetime) -> None:
    """Take back that a review waits for this too; what waits for nothing else is closed."""
    reasons = [reason for reason in map(to_reason, row.reasons) if reason.kind is not kind]
    if not reasons:
        resolve(connection, [row.comment_id], at)
    elif len(reasons) < len(row.reasons):
        stored = [from_reason(reason) for reason in reasons]
        _change(connection, row.id, reasons=stored, causes=int(causes_of(reasons)))


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
