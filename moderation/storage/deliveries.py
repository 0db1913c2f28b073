"""Deliveries: one message on its way to one endpoint, and every attempt at it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    Row,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    insert,
    literal,
    or_,
    select,
    update,
)

from moderation.model.events import DeliveryKind, DeliveryState
from moderation.model.ids import CommentId, DeliveryId, SiteId, new_uuid
from moderation.storage import endpoints
from moderation.storage.database import Connection
from moderation.storage.schema import enum_column, id_column, metadata, moment, reference

deliveries = Table(
    "deliveries",
    metadata,
    id_column(),
    enum_column("kind", DeliveryKind, default=DeliveryKind.DECIDED),
    # A test message tells of no event.
    reference("event_id", "events", nullable=True),
    reference("endpoint_id", "endpoints"),
    reference("site_id", "sites"),
    reference("comment_id", "comments", nullable=True),
    Column("sequence", Integer, nullable=False),
    enum_column("state", DeliveryState, default=DeliveryState.QUEUED),
    Column("attempts", Integer, nullable=False, default=0),
    moment("next_attempt_at"),
    moment("lease_until", nullable=True),
    Column("token", Uuid),
    moment("created_at"),
    # When it was delivered or given up; not set where it was only cancelled.
    moment("finished_at", nullable=True),
    UniqueConstraint("event_id", "endpoint_id"),
    CheckConstraint(
        f"kind = '{DeliveryKind.TEST}' OR (event_id IS NOT NULL AND comment_id IS NOT NULL)",
        name="event",
    ),
)

DeliveryRow = Row[Any]

_c = deliveries.c
# Written into the statement: a bound parameter would keep the partial indexes from being used.
queued = _c.state == literal(DeliveryState.QUEUED.value, literal_execute=True)
_leased = _c.lease_until.is_not(None)

Index(
    "ix_deliveries_due",
    _c.endpoint_id,
    _c.next_attempt_at,
    _c.id,
    sqlite_where=queued,
    postgresql_where=queued,
)
Index(
    "ix_deliveries_order",
    _c.endpoint_id,
    _c.comment_id,
    _c.sequence,
    sqlite_where=queued,
    postgresql_where=queued,
)
Index(
    "ix_deliveries_leased",
    _c.endpoint_id,
    _c.comment_id,
    sqlite_where=_leased,
    postgresql_where=_leased,
)
Index("ix_deliveries_comment_id", _c.comment_id)
Index("ix_deliveries_site_id_id", _c.site_id, _c.id)
Index("ix_deliveries_site_id_state_id", _c.site_id, _c.state, _c.id)

attempts = Table(
    "delivery_attempts",
    metadata,
    id_column(),
    reference("delivery_id", "deliveries"),
    Column("number", Integer, nullable=False),
    Column("status", Integer),
    Column("error", Text),
    Column("milliseconds", Integer, nullable=False),
    moment("attempted_at"),
    Index("ix_delivery_attempts_delivery_id", "delivery_id"),
)


def add_for_events(
    connection: Connection, site_id: SiteId, events: Sequence[Mapping[str, Any]], now: datetime
) -> int:
    """Queue a delivery of each event to each enabled endpoint of the site; return how many.

    Of an event only `id`, `comment_id` and `sequence` are read.
    """
    endpoint_ids = endpoints.enabled_ids(connection, site_id)
    if not endpoint_ids or not events:
        return 0
    hurry(connection, [event["comment_id"] for event in events], now)
    rows = [
        {
            "id": new_uuid(),
            "event_id": event["id"],
            "endpoint_id": endpoint_id,
            "site_id": site_id,
            "comment_id": event["comment_id"],
            "sequence": event["sequence"],
            "next_attempt_at": now,
            "created_at": now,
        }
        for event in events
        for endpoint_id in endpoint_ids
    ]
    connection.execute(insert(deliveries), rows)
    return len(rows)


def hurry(connection: Connection, comment_ids: Sequence[CommentId], now: datetime) -> None:
    """Try again at once what waits for another attempt: something newer waits behind it.

    All of it is locked, in flight or not: whoever would put it off is waited for or, being later,
    sees what is newer and tries the older no more.
    """
    waiting = select(_c.id).where(queued, _c.comment_id.in_(comment_ids))
    waiting = waiting.order_by(_c.id).with_for_update()
    connection.execute(update(deliveries).where(_c.id.in_(waiting)).values(next_attempt_at=now))


def cancel_queued(connection: Connection, comment_id: CommentId) -> None:
    """Call off what the site was not told yet about a comment.

    What is in flight just now may still arrive, but it is not tried again.
    """
    connection.execute(
        update(deliveries)
        .where(queued, _c.comment_id == comment_id)
        .values(state=DeliveryState.CANCELLED)
    )


def add(connection: Connection, **values: Any) -> None:  # noqa: ANN401 - column values
    """Insert a delivery."""
    connection.execute(insert(deliveries).values(**values))


def lease(
    connection: Connection, delivery_ids: Sequence[DeliveryId], token: UUID, until: datetime
) -> None:
    """Take locked deliveries under a lease, one attempt more."""
    values = {"lease_until": until, "token": token, "attempts": _c.attempts + 1}
    connection.execute(update(deliveries).where(_c.id.in_(delivery_ids)).values(values))


def hand_back(connection: Connection, delivery_ids: Sequence[DeliveryId], token: UUID) -> None:
    """Undo the lease of deliveries that were not sent."""
    values = {"lease_until": None, "token": None, "attempts": _c.attempts - 1}
    held = held_among(connection, delivery_ids, token)
    connection.execute(update(deliveries).where(_c.id.in_(held)).values(values))


def lock_held(connection: Connection, delivery_id: DeliveryId, token: UUID) -> Row[Any] | None:
    """Lock and return a delivery if it is still held under this token."""
    statement = select(deliveries).where(_c.id == delivery_id, _c.token == token)
    return connection.execute(statement.with_for_update()).one_or_none()


def held_among(
    connection: Connection, delivery_ids: Sequence[DeliveryId], token: UUID
) -> set[DeliveryId]:
    """Lock those of these deliveries that are still held under this token; return their ids."""
    statement = select(_c.id).where(_c.id.in_(delivery_ids), _c.token == token)
    return set(connection.execute(statement.order_by(_c.id).with_for_update()).scalars())


def finish(
    connection: Connection,
    delivery_ids: Sequence[DeliveryId],
    state: DeliveryState,
    at: datetime | None = None,
) -> None:
    """End deliveries; `at` is for what was delivered or given up."""
    values = {"state": state, "finished_at": at, "token": None, "lease_until": None}
    connection.execute(update(deliveries).where(_c.id.in_(delivery_ids)).values(values))


def retry(connection: Connection, delivery_id: DeliveryId, at: datetime) -> None:
    """Let a delivery go and try it again later."""
    _change(connection, delivery_id, next_attempt_at=at, token=None, lease_until=None)


def queue_again(connection: Connection, delivery_id: DeliveryId, now: datetime) -> bool:
    """Start a delivery anew that is not queued nor in flight; False if it is."""
    fresh: dict[str, Any] = {"attempts": 0, "token": None, "lease_until": None, "finished_at": None}
    result = connection.execute(
        update(deliveries)
        .where(
            _c.id == delivery_id,
            _c.state != DeliveryState.QUEUED,
            or_(_c.lease_until.is_(None), _c.lease_until <= now),
        )
        .values(state=DeliveryState.QUEUED, next_attempt_at=now, **fresh)
    )
    return result.rowcount == 1


def has_newer(connection: Connection, row: Row[Any], state: DeliveryState) -> bool:
    """Say whether a later delivery of the same comment to the same endpoint has this state."""
    statement = select(_c.id).where(
        _c.endpoint_id == row.endpoint_id,
        _c.comment_id == row.comment_id,
        _c.sequence > row.sequence,
        _c.state == state,
    )
    return connection.execute(statement.limit(1)).first() is not None


def add_attempts(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append attempts."""
    connection.execute(insert(attempts), [{"id": new_uuid(), **row} for row in rows])


def _change(connection: Connection, delivery_id: DeliveryId, **values: Any) -> None:  # noqa: ANN401 - column values
    connection.execute(update(deliveries).where(_c.id == delivery_id).values(**values))
