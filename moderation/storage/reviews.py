"""Reviews: what waits for a person, in which order, and who is on it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    insert,
    literal,
    select,
    update,
)

from moderation.model.decisions import Reason
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
    # What it is found by: see `Cause`; and where and by whom it was written, if the site says so.
    Column("causes", Integer, nullable=False),
    Column("section", String(255)),
    Column("author", String(255)),
    # Its place in the queue, which never changes: see `due_at`.
    moment("due_at"),
    reference("claimed_by", "users", nullable=True),
    moment("claimed_at", nullable=True),
    moment("claimed_until", nullable=True),
    reference("handed_to", "users", nullable=True),
    reference("handed_by", "users", nullable=True),
    Column("handed_word", String(200)),
    moment("handed_at", nullable=True),
    moment("resolved_at", nullable=True),
)

_c = reviews.c

# Written into the statement: SQLite uses a partial index only for the very words of its condition.
waiting = _c.state != literal(ReviewState.RESOLVED.value, literal_execute=True)
"""Whether somebody still has to look."""

FREE = {"claimed_by": None, "claimed_at": None, "claimed_until": None}
NOT_HANDED = dict.fromkeys(("handed_to", "handed_by", "handed_word", "handed_at"))

_waiting = _c.state != ReviewState.RESOLVED


def _of_waiting(name: str, *columns: Column[Any], unique: bool = False) -> None:
    """Index what waits only: however long the history is, that is little."""
    Index(name, *columns, unique=unique, sqlite_where=_waiting, postgresql_where=_waiting)


_of_waiting("uq_reviews_waiting", _c.comment_id, unique=True)
# What filters ask for stands in the index too: a filter that few comments match reads no table.
# The state is always the same there, but SQLite would go and look.
_sought = (_c.causes, _c.opened_at, _c.section, _c.state)
_of_waiting("ix_reviews_queue", _c.site_id, _c.due_at, _c.id, *_sought)
_of_waiting("ix_reviews_nearest", _c.site_id, _c.risk, _c.id, *_sought)
_of_waiting("ix_reviews_author", _c.site_id, _c.author, _c.due_at, _c.id)

for _whose in (_c.claimed_by, _c.handed_to):
    _is_somebodys = _whose.is_not(None)
    Index(
        f"ix_reviews_{_whose.name}",
        _whose,
        sqlite_where=_is_somebodys,
        postgresql_where=_is_somebodys,
    )

_RESOLVE = (
    update(reviews)
    .where(_c.comment_id.in_(bindparam("comment_ids", expanding=True)), _waiting)
    .values(state=ReviewState.RESOLVED, resolved_at=bindparam("at"), **FREE, **NOT_HANDED)
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
    """Erase who wrote a comment, and what people wrote of it while it waited."""
    rows = connection.execute(select(_c.id, _c.reasons).where(_c.comment_id == comment_id))
    for row in rows.all():
        forgotten = {"reasons": without_words(row.reasons), "author": None, "handed_word": None}
        connection.execute(update(reviews).where(_c.id == row.id).values(forgotten))


def resolve(connection: Connection, comment_ids: Sequence[CommentId], at: datetime) -> None:
    """Close whatever review waits on these comments."""
    connection.execute(_RESOLVE, {"comment_ids": comment_ids, "at": at})
