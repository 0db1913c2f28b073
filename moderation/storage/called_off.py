"""Deliveries that are called off because their endpoint is disabled."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from moderation.model.events import DeliveryState
from moderation.model.ids import EndpointId
from moderation.storage.database import Connection
from moderation.storage.deliveries import deliveries, queued
from moderation.storage.endpoints import endpoints

_c, _e = deliveries.c, endpoints.c
_first_waiting = select(_c.id).where(queued, _c.endpoint_id == _e.id).limit(1).scalar_subquery()


def any_waits(connection: Connection, disabled_by: datetime) -> bool:
    """Say whether anything waits for an endpoint that was disabled by then."""
    return connection.execute(_disabled(disabled_by)).first() is not None


def lock_disabled(connection: Connection, disabled_by: datetime) -> EndpointId | None:
    """Lock and return such an endpoint; those that others hold aside."""
    lock = _disabled(disabled_by).with_for_update(of=endpoints, key_share=True, skip_locked=True)
    return connection.execute(lock).scalar_one_or_none()


def _disabled(by: datetime) -> Select[Any]:
    return select(_e.id).where(_e.disabled_at <= by, _first_waiting.is_not(None)).limit(1)


def call_off(connection: Connection, endpoint_id: EndpointId, limit: int) -> int:
    """Call off up to so much of what waits for a locked endpoint; return how many that were.

    What is in flight just now may still arrive, but it is not tried again. What somebody else holds
    is passed over.
    """
    waiting = select(_c.id).where(queued, _c.endpoint_id == endpoint_id).limit(limit)
    waiting = waiting.with_for_update(skip_locked=True)
    called_off = update(deliveries).where(_c.id.in_(waiting))
    return connection.execute(called_off.values(state=DeliveryState.CANCELLED)).rowcount
