"""Bulks: what people decide about many comments at once, and whose turn it is to be worked on."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    delete,
    insert,
    select,
    update,
)

from moderation.model.bulks import Bulk, BulkAction, BulkState, Means, Said
from moderation.model.ids import BulkId, UserId
from moderation.storage.database import Connection
from moderation.storage.decisions import from_reason, to_reason
from moderation.storage.schema import (
    enum_column,
    id_column,
    json_column,
    metadata,
    moment,
    reference,
)

_ACTIONS = ", ".join(f"'{action.value}'" for action in BulkAction)

bulks = Table(
    "bulks",
    metadata,
    id_column(),
    reference("user_id", "users"),
    reference("site_id", "sites"),
    enum_column("means", Means),
    # Numbers and names of filters, and no id of a comment: it outlives the erasure of each.
    json_column("selected"),
    enum_column("state", BulkState, default=BulkState.PREVIEWED),
    # None while it is only previewed.
    Column("action", String(20), CheckConstraint(f"action IN ({_ACTIONS})", name="action")),
    # What a person wrote, until all is done: the decisions keep it, and forget it on erasure.
    json_column("said", nullable=True),
    Column("act_id", Uuid),
    moment("created_at"),
    # When it was done, or undone.
    moment("ended_at", nullable=True),
    # While there is something to do: who waited longest since is next.
    moment("turn_at", nullable=True),
    # Since the last turn that was none of them.
    Column("broken_turns", Integer, nullable=False, default=0, server_default="0"),
)

_c = bulks.c
_has_turns = _c.turn_at.is_not(None)
Index("ix_bulks_turn_at", _c.turn_at, sqlite_where=_has_turns, postgresql_where=_has_turns)


def add(connection: Connection, **values: Any) -> None:  # noqa: ANN401 - column values
    """Insert a bulk."""
    connection.execute(insert(bulks).values(**values))


def by_id(connection: Connection, bulk_id: BulkId, *, lock: bool = False) -> Bulk | None:
    """Return one bulk; `lock` keeps others from changing it, and from working on it."""
    statement = select(bulks).where(_c.id == bulk_id)
    row = connection.execute(statement.with_for_update() if lock else statement).one_or_none()
    return None if row is None else _to_bulk(row)


def next_turn(connection: Connection) -> Bulk | None:
    """Lock the bulk whose turn it is, but for those that somebody is just working on."""
    statement = select(bulks).where(_has_turns).order_by(_c.turn_at).limit(1)
    row = connection.execute(statement.with_for_update(skip_locked=True)).one_or_none()
    return None if row is None else _to_bulk(row)


def any_turn(connection: Connection) -> bool:
    """Say whether there is something to do for any."""
    return connection.execute(select(_c.id).where(_has_turns).limit(1)).first() is not None


def previews_of(connection: Connection, user_id: UserId) -> list[BulkId]:
    """Lock what somebody looked at and did not say yes to."""
    looked = (_c.user_id == user_id) & (_c.state == BulkState.PREVIEWED)
    statement = select(_c.id).where(looked).order_by(_c.id).with_for_update()
    return list(connection.execute(statement).scalars())


def remove(connection: Connection, bulk_ids: Collection[BulkId]) -> None:
    """Remove bulks that have no comments any more."""
    connection.execute(delete(bulks).where(_c.id.in_(bulk_ids)))


def change(connection: Connection, bulk_id: BulkId, **values: Any) -> None:  # noqa: ANN401 - column values
    """Change columns of one bulk."""
    connection.execute(update(bulks).where(_c.id == bulk_id).values(**values))


def from_said(said: Said) -> dict[str, Any]:
    """Turn what a person says into what is stored: only what there is."""
    stored = {
        "reason": None if said.reason is None else from_reason(said.reason),
        "note": said.note,
        "message": said.message,
    }
    return {name: value for name, value in stored.items() if value is not None}


def _to_said(stored: dict[str, Any] | None) -> Said:
    given = dict(stored or {})
    reason = given.pop("reason", None)
    return Said(None if reason is None else to_reason(reason), **given)


def _to_bulk(row: Row[Any]) -> Bulk:
    return Bulk(
        id=row.id,
        user_id=row.user_id,
        site_id=row.site_id,
        means=Means(row.means),
        selected=row.selected,
        state=BulkState(row.state),
        action=None if row.action is None else BulkAction(row.action),
        said=_to_said(row.said),
        act_id=row.act_id,
        created_at=row.created_at,
        ended_at=row.ended_at,
        broken_turns=row.broken_turns,
    )
