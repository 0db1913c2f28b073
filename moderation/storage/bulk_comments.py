"""Comments of bulks: which, as they stood at the preview, and what became of each."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Row,
    Table,
    UniqueConstraint,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from moderation.model.bulks import BulkComment, Fate
from moderation.model.ids import BulkId, CommentId
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.schema import enum_column, metadata, moment, reference

bulk_comments = Table(
    "bulk_comments",
    metadata,
    Column("bulk_id", Uuid, ForeignKey("bulks.id"), primary_key=True),
    # From the first one on, in the order in which they are decided.
    Column("position", Integer, primary_key=True, autoincrement=False),
    reference("comment_id", "comments"),
    # How it stood when it was previewed: whatever is otherwise later is left as it is.
    Column("seen", Integer, nullable=False),
    reference("review_id", "reviews", nullable=True),
    moment("escalated_at", nullable=True),
    Column("reports_seen", Integer, nullable=False),
    # Whether it was among those that the person said yes to.
    Column("previewed", Boolean, nullable=False),
    enum_column("fate", Fate),
    reference("decision_id", "decisions", nullable=True),
    moment("done_at", nullable=True),
    UniqueConstraint("bulk_id", "comment_id"),
    Index("ix_bulk_comments_bulk_id_fate_position", "bulk_id", "fate", "position"),
    Index("ix_bulk_comments_comment_id", "comment_id"),
)

_c = bulk_comments.c
_SETTLE = (
    update(bulk_comments)
    .where(
        _c.bulk_id == bindparam("of_bulk"),
        _c.position == bindparam("at"),
        _c.fate == bindparam("old_fate"),
    )
    .values(
        fate=bindparam("new_fate"),
        decision_id=bindparam("new_decision"),
        done_at=bindparam("new_done_at"),
    )
)


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert comments of a bulk."""
    connection.execute(insert(bulk_comments), list(rows))


def next_of(connection: Connection, bulk_id: BulkId, fate: Fate, limit: int) -> list[BulkComment]:
    """Return the first comments of this fate."""
    statement = (
        select(bulk_comments)
        .where(_c.bulk_id == bulk_id, _c.fate == fate)
        .order_by(_c.position)
        .limit(limit)
    )
    return [_to_bulk_comment(row) for row in connection.execute(statement)]


def settle(
    connection: Connection, bulk_id: BulkId, before: Fate, settled: Sequence[BulkComment]
) -> None:
    """Note what became of some comments, where their fate is still the one that it was before."""
    rows = [
        {
            "of_bulk": bulk_id,
            "at": one.position,
            "old_fate": before,
            "new_fate": one.fate,
            "new_decision": one.decision_id,
            "new_done_at": one.done_at,
        }
        for one in settled
    ]
    if rows:
        connection.execute(_SETTLE, rows)


def settle_all(connection: Connection, bulk_id: BulkId, before: Fate, fate: Fate) -> None:
    """Note what became of all whose fate is still this one."""
    same = (_c.bulk_id == bulk_id) & (_c.fate == before)
    connection.execute(update(bulk_comments).where(same).values(fate=fate))


def counts(connection: Connection, bulk_id: BulkId) -> dict[tuple[Fate, bool], int]:
    """Count the comments by fate, and by whether they were among those said yes to."""
    columns = (_c.fate, _c.previewed)
    statement = select(*columns, func.count().label("number")).group_by(*columns)
    rows = connection.execute(statement.where(_c.bulk_id == bulk_id))
    return {(Fate(row.fate), row.previewed): row.number for row in rows}


def count_reported(connection: Connection, bulk_id: BulkId) -> int:
    """Count those that were previewed and that readers had complained of."""
    statement = select(func.count()).where(_c.bulk_id == bulk_id, _c.previewed, _c.reports_seen > 0)
    return connection.execute(statement).scalar_one()


def sample(connection: Connection, bulk_id: BulkId, first: int, last: int) -> list[CommentId]:
    """Return the first and the last ones of those that were previewed, in order."""
    of_bulk = (_c.bulk_id == bulk_id) & _c.previewed
    ends = []
    for order, limit in ((_c.position, first), (_c.position.desc(), last)):
        statement = select(_c.position, _c.comment_id).where(of_bulk).order_by(order).limit(limit)
        ends += list(connection.execute(statement)) if limit else []
    return list(dict.fromkeys(row.comment_id for row in sorted(ends, key=lambda row: row.position)))


def listed(
    connection: Connection, bulk_id: BulkId, fates: Collection[Fate], limit: int
) -> list[Row[Any]]:
    """Return id, site and fate of the first comments of these fates."""
    statement = (
        select(_c.comment_id, _c.fate, comments.c.site_id)
        .join(comments, comments.c.id == _c.comment_id)
        .where(_c.bulk_id == bulk_id, _c.fate.in_(fates))
        .order_by(_c.fate, _c.position)
        .limit(limit)
    )
    return list(connection.execute(statement))


def forget(connection: Connection, comment_id: CommentId) -> None:
    """Let no bulk say that this comment was in it: what was selected together is alike."""
    connection.execute(delete(bulk_comments).where(_c.comment_id == comment_id))


def remove(connection: Connection, bulk_ids: Collection[BulkId]) -> None:
    """Remove all comments of some bulks."""
    connection.execute(delete(bulk_comments).where(_c.bulk_id.in_(bulk_ids)))


def _to_bulk_comment(row: Row[Any]) -> BulkComment:
    return BulkComment(
        position=row.position,
        comment_id=row.comment_id,
        seen=row.seen,
        review_id=row.review_id,
        escalated_at=row.escalated_at,
        reports_seen=row.reports_seen,
        fate=Fate(row.fate),
        decision_id=row.decision_id,
        done_at=row.done_at,
    )
