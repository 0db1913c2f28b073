"""Attempts: what follows from each try at a delivery, for it and for its endpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Any

from moderation.model.events import DeliveryKind, DeliveryState
from moderation.model.ids import DeliveryId
from moderation.model.retries import GIVE_UP_AFTER, LONGEST_REST, rest_after, step_after, tires
from moderation.runtime import Runtime
from moderation.services.sending import ClaimedDelivery
from moderation.storage import deliveries, endpoints
from moderation.storage.database import Connection
from moderation.storage.deliveries import DeliveryRow
from moderation.storage.endpoints import EndpointRow


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one attempt: an HTTP status, or else an `error` in words.

    `gone` says that the endpoint wants nothing any more; `retry_after` is in seconds.
    """

    delivered: bool
    status: int | None
    error: str | None
    milliseconds: int
    gone: bool = False
    retry_after: int | None = None


def record_attempt(
    runtime: Runtime,
    claimed: ClaimedDelivery,
    attempt: Attempt,
    random: Random | None = None,
) -> bool:
    """Write down an attempt and what follows from it: done, again later, or given up.

    Returns False, and writes nothing, where the lease ran out and somebody else took over.
    Raises StorageUnavailable.
    """
    with runtime.transaction() as connection:
        # First the endpoint, then deliveries: everybody locks in this order.
        endpoint = endpoints.lock(connection, claimed.endpoint_id)
        row = deliveries.lock_held(connection, claimed.id, claimed.token)
        if row is None:
            return False
        now = runtime.database_now(connection)
        deliveries.add_attempts(connection, [_attempt_row(claimed, attempt)])
        if endpoint.disabled_at is not None and not attempt.delivered:
            deliveries.finish(connection, [row.id], DeliveryState.CANCELLED)
            return True
        retired = _note_health(connection, endpoint, claimed, attempt, now)
        retry_at = None if retired else _retry_at(row, attempt, now, random or SystemRandom())
        _settle(connection, row, attempt, now, retry_at)
    return True


def record_delivered(
    runtime: Runtime, delivered: Sequence[tuple[ClaimedDelivery, Attempt]]
) -> set[DeliveryId]:
    """Write down several attempts of one claim on one endpoint, all of which were taken.

    Returns the ids that were still held; of others nothing is written. Raises StorageUnavailable.
    """
    first = delivered[0][0]
    with runtime.transaction() as connection:
        endpoints.lock(connection, first.endpoint_id)
        ids = [claimed.id for claimed, _ in delivered]
        held = deliveries.held_among(connection, ids, first.token)
        if held:
            now = runtime.database_now(connection)
            rows = [_attempt_row(*one) for one in delivered if one[0].id in held]
            deliveries.add_attempts(connection, rows)
            endpoints.wake(connection, first.endpoint_id)
            deliveries.finish(connection, sorted(held), DeliveryState.DELIVERED, now)
    return held


def _attempt_row(claimed: ClaimedDelivery, attempt: Attempt) -> dict[str, Any]:
    return {
        "delivery_id": claimed.id,
        "number": claimed.attempts,
        "status": attempt.status,
        "error": attempt.error,
        "milliseconds": attempt.milliseconds,
        "attempted_at": claimed.claimed_at,
    }


def _note_health(
    connection: Connection,
    endpoint: EndpointRow,
    claimed: ClaimedDelivery,
    attempt: Attempt,
    now: datetime,
) -> bool:
    """Let an endpoint that fails rest, or disable it; return whether it was disabled."""
    if attempt.gone:
        return _retire(connection, endpoint, now, "it answered 410 Gone")
    if not tires(attempt.status):
        endpoints.wake(connection, endpoint.id)
        return False
    if endpoint.rests_until is not None and claimed.claimed_at < endpoint.rests_until:
        return False  # sent before the rest began: still the same failure
    failing_since = endpoint.failing_since or now
    if now - failing_since > GIVE_UP_AFTER:
        return _retire(connection, endpoint, now, f"it failed for {GIVE_UP_AFTER.days} days")
    failures = endpoint.failures + 1
    asked = min(timedelta(seconds=attempt.retry_after or 0), LONGEST_REST)
    rests_until = now + max(rest_after(failures), asked)
    values = {"failures": failures, "failing_since": failing_since, "rests_until": rests_until}
    endpoints.change(connection, endpoint.id, **values)
    return False


def _retire(connection: Connection, endpoint: EndpointRow, now: datetime, reason: str) -> bool:
    endpoints.disable(connection, endpoint.id, now, reason)
    return True


def _retry_at(row: DeliveryRow, attempt: Attempt, now: datetime, random: Random) -> datetime | None:
    """Return when to try again; None: never."""
    step = step_after(row.attempts, random)
    if step is None or row.kind == DeliveryKind.TEST:
        # Whoever sends a test looks at the result now.
        return None
    return now + max(step, timedelta(seconds=attempt.retry_after or 0))


def _settle(
    connection: Connection,
    row: DeliveryRow,
    attempt: Attempt,
    now: datetime,
    retry_at: datetime | None,
) -> None:
    if attempt.delivered:
        deliveries.finish(connection, [row.id], DeliveryState.DELIVERED, now)
    elif row.state == DeliveryState.CANCELLED or _is_outdated(connection, row, retry_at):
        deliveries.finish(connection, [row.id], DeliveryState.CANCELLED)
    elif retry_at is None:
        deliveries.finish(connection, [row.id], DeliveryState.FAILED, now)
    else:
        deliveries.retry(connection, row.id, retry_at)


def _is_outdated(connection: Connection, row: DeliveryRow, retry_at: datetime | None) -> bool:
    # A newer decision says all that the site needs, and must not wait for an older any longer.
    return retry_at is not None and deliveries.has_newer(connection, row, DeliveryState.QUEUED)
