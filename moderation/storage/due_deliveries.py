"""Due deliveries: what can be sent now, and to which endpoints."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, literal, not_, or_, select

from moderation.model.events import DeliveryState
from moderation.model.ids import EndpointId
from moderation.storage.database import Connection
from moderation.storage.deliveries import DeliveryRow, deliveries
from moderation.storage.endpoints import endpoints

EndpointWithWork = Row[Any]
"""A whole endpoint, and how much is `in_flight` to it."""

MAX_LEASE = timedelta(minutes=10)
"""No lease is longer, by far: processes read the clock a little before or after each other."""

_c = deliveries.c
_queued = literal(DeliveryState.QUEUED.value, literal_execute=True)


def holds(lease_until: ColumnElement[datetime | None], now: datetime) -> ColumnElement[bool]:
    """Whether a lease still runs; one very far away was written by a clock gone wrong."""
    return and_(lease_until > now, lease_until <= now + MAX_LEASE)


def endpoints_with_work(connection: Connection, now: datetime) -> list[EndpointWithWork]:
    """Return the endpoints that something can be sent to now."""
    return list(connection.execute(_with_work(now)))


def lock_endpoint(
    connection: Connection, endpoint_id: EndpointId, now: datetime, *, wait: bool
) -> EndpointWithWork | None:
    """Lock an endpoint, so that nobody else claims or records there, and count anew.

    None where there is nothing to send any more, or where somebody else holds the lock and `wait`
    is off.
    """
    lock = select(endpoints.c.id).where(endpoints.c.id == endpoint_id)
    lock = lock.with_for_update(key_share=True, skip_locked=not wait)
    if connection.execute(lock).first() is None:
        return None
    found = _with_work(now).where(endpoints.c.id == endpoint_id)
    return connection.execute(found).one_or_none()


def lock_due(
    connection: Connection, endpoint_id: EndpointId, now: datetime, limit: int
) -> list[DeliveryRow]:
    """Lock and return what can be sent to an endpoint, the longest due first."""
    statement = _due(select(deliveries), endpoint_id, now).limit(limit)
    return list(connection.execute(statement.with_for_update(skip_locked=True)))


def _with_work(now: datetime) -> Select[Any]:
    e = endpoints.c
    in_flight = select(func.count()).where(_c.endpoint_id == e.id, holds(_c.lease_until, now))
    # Not EXISTS: PostgreSQL would make that a join over all that waits for anybody.
    first_due = _due(select(_c.id), e.id, now).limit(1).scalar_subquery()
    return select(endpoints, in_flight.scalar_subquery().label("in_flight")).where(
        e.disabled_at.is_(None),
        or_(e.rests_until.is_(None), e.rests_until <= now),
        first_due.is_not(None),
    )


def _due(chosen: Select[Any], endpoint_id: Any, now: datetime) -> Select[Any]:  # noqa: ANN401 - a column or a value
    """Narrow to what can be sent now: its time has come and nothing must go before it."""
    other = deliveries.alias("other")
    same = and_(
        other.c.endpoint_id == _c.endpoint_id,
        other.c.comment_id == _c.comment_id,
        other.c.id != _c.id,
    )
    earlier = exists().where(same, other.c.state == _queued, other.c.sequence < _c.sequence)
    in_flight = exists().where(same, holds(other.c.lease_until, now))
    return chosen.where(
        _c.endpoint_id == endpoint_id,
        _c.state == _queued,
        _c.next_attempt_at <= now,
        or_(_c.lease_until.is_(None), not_(holds(_c.lease_until, now))),
        not_(earlier),
        not_(in_flight),
    ).order_by(_c.next_attempt_at, _c.id)
