"""The delivery log: deliveries with their endpoint, comment and last attempt, for people."""

from typing import Any

from sqlalchemy import Row, Select, and_, select

from moderation.model.events import DeliveryKind, DeliveryState
from moderation.model.ids import DeliveryId, SiteId
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.deliveries import attempts, deliveries
from moderation.storage.endpoints import endpoints

LoggedDelivery = Row[Any]
"""A whole delivery with its endpoint's URL, its comment and its last attempt."""

_c = deliveries.c


def latest(
    connection: Connection, site_id: SiteId, limit: int, state: DeliveryState | None = None
) -> list[Row[Any]]:
    """Return the site's deliveries, the newest first.

    Where a state is given: of that state, and without test messages.
    """
    statement = _logged().where(_c.site_id == site_id).order_by(_c.id.desc()).limit(limit)
    if state is not None:
        statement = statement.where(_c.state == state, _c.kind == DeliveryKind.DECIDED)
    return list(connection.execute(statement))


def one(connection: Connection, delivery_id: DeliveryId) -> Row[Any] | None:
    """Return one delivery."""
    return connection.execute(_logged().where(_c.id == delivery_id)).one_or_none()


def _logged() -> Select[Any]:
    tried = attempts.alias("tried")
    last = (
        select(tried.c.id)
        .where(tried.c.delivery_id == _c.id)
        .order_by(tried.c.attempted_at.desc(), tried.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            deliveries,
            endpoints.c.url,
            comments.c.external_id,
            comments.c.status.label("comment_status"),
            attempts.c.status,
            attempts.c.error,
            attempts.c.milliseconds,
            attempts.c.attempted_at,
        )
        .join(endpoints, endpoints.c.id == _c.endpoint_id)
        .outerjoin(comments, comments.c.id == _c.comment_id)
        .outerjoin(attempts, and_(attempts.c.delivery_id == _c.id, attempts.c.id == last))
    )
