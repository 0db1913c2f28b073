"""Sending: claim what can be delivered now, with all that is needed to send it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any
from uuid import UUID

from moderation.model.events import DeliveryKind, DeliveryState
from moderation.model.ids import DeliveryId, EndpointId, new_uuid
from moderation.model.retries import MAX_ATTEMPTS
from moderation.runtime import Runtime
from moderation.services.announcements import payload, to_announcement
from moderation.storage import deliveries, due_deliveries, endpoints, events
from moderation.storage.database import Connection
from moderation.storage.deliveries import DeliveryRow
from moderation.storage.due_deliveries import EndpointWithWork

MAX_IN_FLIGHT = 8
"""How many deliveries may be under way to one endpoint at once."""

MAX_CLAIMED = 64
"""How many one sender takes at once, to send eight at a time: beside a busy SQLite each claim waits
for its turn to write."""

LEASE_SECONDS = 20
"""Outlasts one attempt (15 s) and a busy database; after a crash it is tried again then.

What a sender that died had under way takes the endpoint's seats for so long.
"""


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that this sender holds under a lease; `token` fences everybody else.

    `message_id` stays the same over all attempts; `secrets` has the newest first.
    """

    id: DeliveryId
    token: UUID
    endpoint_id: EndpointId
    message_id: UUID
    attempts: int
    claimed_at: datetime
    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Lease:
    """What a claim writes, as of `now`."""

    token: UUID
    now: datetime
    until: datetime


def claim_due(
    runtime: Runtime, limit: int = MAX_CLAIMED, lease_seconds: int = LEASE_SECONDS
) -> list[ClaimedDelivery]:
    """Claim up to `limit` deliveries to one endpoint, the attempt counted before it is made.

    Endpoints take turns, so that one with a long backlog does not keep the others waiting; one that
    failed last time gets a single delivery, to see whether it is back. Of the deliveries of one
    comment to one endpoint, only the earliest is claimed. Raises StorageUnavailable.
    """
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        lease = _Lease(new_uuid(), now, now + timedelta(seconds=lease_seconds))
        found = due_deliveries.endpoints_with_work(connection, now)
        for turn, endpoint_id in enumerate(_in_turn(found)):
            # Who holds the lock of one endpoint must not wait for another's: no deadlocks.
            endpoint = due_deliveries.lock_endpoint(connection, endpoint_id, now, wait=turn == 0)
            if endpoint is not None and (taken := _take(connection, endpoint, lease, limit)):
                return taken
    return []


def hand_back(runtime: Runtime, claimed: Sequence[ClaimedDelivery]) -> None:
    """Give back what was claimed together and not sent, as if it had not been claimed.

    Raises StorageUnavailable.
    """
    with runtime.transaction() as connection:
        # First the endpoint, then deliveries: everybody locks in this order.
        endpoints.lock(connection, claimed[0].endpoint_id)
        deliveries.hand_back(connection, [one.id for one in claimed], claimed[0].token)


def seats(endpoint: EndpointWithWork) -> int:
    """Return how many more deliveries a sender may take for an endpoint."""
    in_flight: int = endpoint.in_flight
    if endpoint.failures:
        return max(0, 1 - in_flight)
    # Who is alone there sends eight at a time; who is not fills up to eight.
    return max(0, MAX_IN_FLIGHT - in_flight) if in_flight else MAX_CLAIMED


def _in_turn(found: Sequence[EndpointWithWork]) -> list[EndpointId]:
    """Order endpoints: those with the least under way first, by lot among equals."""
    free = [endpoint for endpoint in found if seats(endpoint)]
    drawn = SystemRandom().sample(free, len(free))
    return [endpoint.id for endpoint in sorted(drawn, key=lambda endpoint: endpoint.in_flight)]


def _take(
    connection: Connection, endpoint: EndpointWithWork, lease: _Lease, limit: int
) -> list[ClaimedDelivery]:
    count = min(seats(endpoint), limit)
    due = due_deliveries.lock_due(connection, endpoint.id, lease.now, count)
    # The last attempt of these ended with a crash of its sender, so nobody has given them up yet.
    if given_up := [row.id for row in due if row.attempts >= MAX_ATTEMPTS]:
        deliveries.finish(connection, given_up, DeliveryState.FAILED, lease.now)
    rows = [row for row in due if row.attempts < MAX_ATTEMPTS]
    if not rows:
        return []
    deliveries.lease(connection, [row.id for row in rows], lease.token, lease.until)
    told = events.whole(connection, [row.event_id for row in rows if row.event_id is not None])
    return [_claimed(endpoint, row, lease, _body(row, told)) for row in rows]


def _claimed(
    endpoint: EndpointWithWork, row: DeliveryRow, lease: _Lease, body: bytes
) -> ClaimedDelivery:
    old = endpoint.old_secret if (endpoint.old_secret_until or lease.now) > lease.now else None
    return ClaimedDelivery(
        id=row.id,
        token=lease.token,
        endpoint_id=endpoint.id,
        message_id=row.event_id or row.id,
        attempts=row.attempts + 1,
        claimed_at=lease.now,
        url=endpoint.url,
        secrets=(endpoint.secret,) if old is None else (endpoint.secret, old),
        body=body,
    )


def _body(row: DeliveryRow, told: Mapping[Any, Any]) -> bytes:
    """Return the message, byte for byte the same at every attempt."""
    data: dict[str, Any]
    if row.kind == DeliveryKind.TEST:
        at, data = row.created_at, {"endpoint_id": str(row.endpoint_id)}
    else:
        announcement = to_announcement(told[row.event_id])
        at, data = announcement.decision.decided_at, payload(announcement)
    message = {"type": row.kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(message, separators=(",", ":")).encode()
