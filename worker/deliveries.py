"""The loop behind the Celery task `deliver`: publish, claim, send, record."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import structlog

from moderation.model.addresses import AddressGuard
from moderation.model.errors import Transient
from moderation.runtime import Runtime
from moderation.services.announcements import publish_due
from moderation.services.attempts import Attempt, record_attempt, record_delivered
from moderation.services.calling_off import call_off_disabled
from moderation.services.sending import (
    LEASE_SECONDS,
    MAX_IN_FLIGHT,
    ClaimedDelivery,
    claim_due,
    hand_back,
)
from worker.webhooks import WebhookRequest, WebhookResponse

log = structlog.get_logger()

RECORD_PAUSE_SECONDS = 0.2
"""Between attempts to record while the database is away: what was sent is not sent again."""

Written = TypeVar("Written")
Tried = tuple[ClaimedDelivery, Attempt]
Send = Callable[[WebhookRequest, AddressGuard], WebhookResponse]


def deliver(runtime: Runtime, send: Send, guard: AddressGuard, seconds: float = 1.0) -> bool:
    """Send what is due for about so many seconds; return whether there may be more.

    Any number of threads may do this at once. Each claims deliveries to one endpoint and sends them
    a few at a time, so that claiming and recording cost little, and none waits behind another's
    slow endpoint. Raises StorageUnavailable.
    """
    ends_at = time.monotonic() + seconds
    more = any([publish_due(runtime), call_off_disabled(runtime)])
    send_one = partial(_send, runtime, send=send, guard=guard)
    with ThreadPoolExecutor(MAX_IN_FLIGHT, thread_name_prefix="send") as pool:
        while time.monotonic() < ends_at:
            claimed = claim_due(runtime)
            if not claimed:
                return more
            tried = _try(claimed, partial(pool.map, send_one), ends_at)
            if left := claimed[len(tried) :]:
                _patiently(partial(hand_back, runtime, left))
            _record(runtime, tried)
    return True


def _try(
    claimed: Sequence[ClaimedDelivery],
    send_at_once: Callable[[Sequence[ClaimedDelivery]], Iterable[Attempt]],
    ends_at: float,
) -> list[Tried]:
    """Send so many at a time as may be under way, while time is left and nothing failed."""
    tried: list[Tried] = []
    while len(tried) < len(claimed):
        some = claimed[len(tried) :][:MAX_IN_FLIGHT]
        tried += zip(some, send_at_once(some), strict=True)
        if time.monotonic() > ends_at or not all(attempt.delivered for _, attempt in tried):
            break
    return tried


def _send(runtime: Runtime, claimed: ClaimedDelivery, send: Send, guard: AddressGuard) -> Attempt:
    request = WebhookRequest(
        url=claimed.url,
        event_id=claimed.message_id,
        sent_at=runtime.clock.now(),
        body=claimed.body,
        secrets=claimed.secrets,
    )
    return _attempt(send(request, guard))


def _record(runtime: Runtime, tried: Sequence[Tried]) -> None:
    delivered = [one for one in tried if one[1].delivered]
    kept = _patiently(partial(record_delivered, runtime, delivered)) if delivered else set()
    for claimed, attempt in tried:
        known = claimed.id in kept
        if not attempt.delivered:
            # What failed has more to follow from it, each by itself.
            known = _patiently(partial(record_attempt, runtime, claimed, attempt))
        _log(claimed, attempt, kept=known)


def _patiently(write: Callable[[], Written]) -> Written:
    """Write; while the database is away try again, as long as the lease may still hold."""
    deadline = time.monotonic() + LEASE_SECONDS / 2
    while True:
        try:
            return write()
        except Transient:
            if time.monotonic() > deadline:
                raise
            time.sleep(RECORD_PAUSE_SECONDS)


def _log(claimed: ClaimedDelivery, attempt: Attempt, *, kept: bool) -> None:
    log.info(
        "webhook_sent",
        delivery=str(claimed.id),
        endpoint=str(claimed.endpoint_id),
        attempt=claimed.attempts,
        status=attempt.status,
        error=attempt.error,
        milliseconds=attempt.milliseconds,
        kept=kept,
    )


def _attempt(response: WebhookResponse) -> Attempt:
    return Attempt(
        delivered=response.delivered,
        status=response.status,
        error=response.error,
        milliseconds=response.duration_ms,
        gone=response.permanent,
        retry_after=response.retry_after,
    )
