"""Deliveries as operators see them: the log, and sending one again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.model.comments import Status
from moderation.model.errors import Conflict, Erased, NotFound
from moderation.model.events import DeliveryKind, DeliveryState
from moderation.model.ids import CommentId, DeliveryId, EndpointId, SiteId, UserId
from moderation.runtime import Runtime
from moderation.services.sending import seats
from moderation.storage import (
    audit,
    called_off,
    deliveries,
    delivery_log,
    due_deliveries,
    endpoints,
    events,
)
from moderation.storage.database import Connection
from moderation.storage.delivery_log import LoggedDelivery


@dataclass(frozen=True, slots=True)
class LastAttempt:
    """What became of the last attempt: an HTTP status, or else an error in words."""

    status: int | None
    error: str | None
    milliseconds: int
    attempted_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One message on its way to one endpoint; a test has no comment.

    `attempts` counts since it was last queued; `next_attempt_at` matters only while it is queued.
    """

    id: DeliveryId
    kind: DeliveryKind
    site_id: SiteId
    endpoint_id: EndpointId
    url: str
    comment_id: CommentId | None
    external_id: str | None
    sequence: int
    state: DeliveryState
    attempts: int
    last_attempt: LastAttempt | None
    next_attempt_at: datetime
    created_at: datetime
    finished_at: datetime | None


def has_due(runtime: Runtime, since: timedelta = timedelta()) -> bool:
    """Say whether the sender has anything to do: publish an event, send a delivery or call it off.

    `since` asks for what has been due for so long.
    """
    with runtime.reading() as connection:
        now = runtime.database_now(connection) - since
        if events.has_due(connection, now) or called_off.any_waits(connection, now):
            return True
        return any(map(seats, due_deliveries.endpoints_with_work(connection, now)))


def recent_deliveries(runtime: Runtime, site_id: SiteId, limit: int) -> list[DeliveryView]:
    """Return the site's deliveries of every state, the newest first."""
    with runtime.reading() as connection:
        return [_view(row) for row in delivery_log.latest(connection, site_id, limit)]


def failed_deliveries(runtime: Runtime, site_id: SiteId, limit: int) -> list[DeliveryView]:
    """Return the site's deliveries that were given up, the newest first."""
    with runtime.reading() as connection:
        failed = delivery_log.latest(connection, site_id, limit, DeliveryState.FAILED)
        return [_view(row) for row in failed]


def get_delivery(runtime: Runtime, delivery_id: DeliveryId) -> DeliveryView:
    """Return one delivery. Raises NotFound."""
    with runtime.reading() as connection:
        row = delivery_log.one(connection, delivery_id)
    if row is None:
        raise NotFound("There is no such delivery.")
    return _view(row)


def redeliver(
    runtime: Runtime,
    delivery_id: DeliveryId,
    *,
    site_id: SiteId | None = None,
    user_id: UserId | None = None,
) -> None:
    """Send a finished delivery again, now, as the same message and with all its retries.

    `site_id` is given by whoever may act for that site only. Raises NotFound, Erased, and Conflict
    where it is still queued, its endpoint is disabled, or the endpoint knows something newer.
    """
    with runtime.transaction() as connection:
        row = delivery_log.one(connection, delivery_id)
        if row is None or site_id not in (None, row.site_id):
            raise NotFound("There is no such delivery.")
        endpoint = endpoints.lock(connection, row.endpoint_id)
        if endpoint.disabled_at is not None:
            raise Conflict("The endpoint is disabled; enable it first.")
        endpoints.wake(connection, row.endpoint_id)
        _queue_again(connection, row, runtime.database_now(connection))
        audit.add(
            connection,
            "delivery.redeliver",
            runtime.database_now(connection),
            site_id=row.site_id,
            user_id=user_id,
            data={"delivery": str(delivery_id)},
        )


def _queue_again(connection: Connection, row: LoggedDelivery, now: datetime) -> None:
    if row.comment_status == Status.ERASED:
        raise Erased("The comment was withdrawn.")
    if deliveries.has_newer(connection, row, DeliveryState.DELIVERED):
        # A receiver that does not compare sequences would fall back to what is no longer true.
        raise Conflict("The endpoint was told of a newer decision on this comment since.")
    if not deliveries.queue_again(connection, row.id, now):
        raise Conflict("The delivery is queued already.")


def _view(row: LoggedDelivery) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        kind=DeliveryKind(row.kind),
        site_id=row.site_id,
        endpoint_id=row.endpoint_id,
        url=row.url,
        comment_id=row.comment_id,
        external_id=row.external_id,
        sequence=row.sequence,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        last_attempt=_last_attempt(row),
        next_attempt_at=row.next_attempt_at,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def _last_attempt(row: LoggedDelivery) -> LastAttempt | None:
    if row.attempted_at is None:
        return None
    return LastAttempt(row.status, row.error, row.milliseconds, row.attempted_at)
