"""Acts: what people did at the desk and can take back, the newest first."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Row, Table, insert, select, update

from moderation.model.acts import Act, ActKind
from moderation.model.ids import ActId, UserId
from moderation.storage.database import Connection
from moderation.storage.schema import (
    enum_column,
    id_column,
    json_column,
    metadata,
    moment,
    reference,
)

acts = Table(
    "acts",
    metadata,
    id_column(),
    reference("user_id", "users"),
    enum_column("kind", ActKind),
    reference("comment_id", "comments", nullable=True),
    # Ids and moments; nothing that anybody wrote, for it outlives an erasure.
    json_column("data"),
    moment("done_at"),
    moment("undone_at", nullable=True),
)

_c = acts.c
_standing = _c.undone_at.is_(None)
Index(
    "ix_acts_standing",
    _c.user_id,
    _c.id.desc(),
    sqlite_where=_standing,
    postgresql_where=_standing,
)


def add(connection: Connection, act: Act) -> None:
    """Append what somebody has just done."""
    connection.execute(
        insert(acts).values(
            id=act.id,
            user_id=act.user_id,
            kind=act.kind,
            comment_id=act.comment_id,
            data=dict(act.data),
            done_at=act.done_at,
        )
    )


def by_id(connection: Connection, act_id: ActId) -> Act | None:
    """Return one act."""
    row = connection.execute(select(acts).where(_c.id == act_id)).one_or_none()
    return None if row is None else _to_act(row)


def last(connection: Connection, user_id: UserId) -> Act | None:
    """Return what a person did last and has not taken back."""
    statement = select(acts).where(_c.user_id == user_id, _standing).order_by(_c.id.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    return None if row is None else _to_act(row)


def close(connection: Connection, act_id: ActId, at: datetime) -> bool:
    """Note that an act was taken back, or cannot be any more; False where that was so already."""
    statement = update(acts).where(_c.id == act_id, _standing).values(undone_at=at)
    return connection.execute(statement).rowcount == 1


def _to_act(row: Row[Any]) -> Act:
    return Act(
        id=row.id,
        user_id=row.user_id,
        kind=ActKind(row.kind),
        comment_id=row.comment_id,
        done_at=row.done_at,
        undone_at=row.undone_at,
        data=row.data,
    )
