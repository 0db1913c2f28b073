"""One webhook over HTTP, signed as https://www.standardwebhooks.com asks."""

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from math import floor
from uuid import UUID

import standardwebhooks

from moderation.model.addresses import AddressGuard, check_url
from moderation.model.errors import InvalidInput
from worker.guarded_http import Answer, Post, post
from worker.guarded_network import PostFailed, Transport

MAX_SECRETS = 2
"""While a secret is exchanged, the old and the new one both sign."""
MAX_RETRY_AFTER = 24 * 60 * 60
"""Seconds: the longest step of our own schedule; nobody can make us wait for longer."""

_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """One attempt to tell one endpoint of one event; `body` is JSON in UTF-8.

    `event_id` stays the same over all attempts, so that a receiver can recognise repetitions.
    """

    url: str
    event_id: UUID
    sent_at: datetime
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.secrets) <= MAX_SECRETS:
            raise ValueError(f"a webhook is signed with 1 to {MAX_SECRETS} secrets")
        if self.sent_at.tzinfo is None:
            raise ValueError("the time of a webhook must be aware")


@dataclass(frozen=True, slots=True)
class WebhookResponse:
    """What became of an attempt: an HTTP status, or else an `error` in words.

    `permanent` says that the endpoint is gone (410) and wants nothing any more;
    `retry_after` is in seconds.
    """

    status: int | None
    error: str | None
    duration_ms: int
    permanent: bool = False
    retry_after: int | None = None

    @property
    def delivered(self) -> bool:
        """Whether the endpoint took the event."""
        if self.status is None:
            return False
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def send(
    request: WebhookRequest, guard: AddressGuard, transport: Transport | None = None
) -> WebhookResponse:
    """Sign and send a webhook; whatever the endpoint or the network does is a response.

    Raises ValueError only where our own secret is not base64 or the body not UTF-8.
    """
    headers = make_headers(request)
    started = time.monotonic()
    try:
        destination = check_url(request.url, guard)
        answer = post(Post(destination, headers, request.body), guard, transport or Transport())
    except (InvalidInput, PostFailed) as error:
        return WebhookResponse(None, str(error), _since(started))
    return WebhookResponse(
        status=answer.status,
        error=None,
        duration_ms=_since(started),
        permanent=answer.status == HTTPStatus.GONE,
        retry_after=_retry_after(answer, request.sent_at),
    )


def make_headers(request: WebhookRequest) -> dict[str, str]:
    """Return the headers of a webhook: one signature for each secret, divided by spaces."""
    # The package takes the clock face for UTC, whatever the time zone.
    sent_at = request.sent_at.astimezone(UTC)
    body = request.body.decode()
    return {
        "content-type": "application/json",
        "user-agent": f"Copydesk/{_version()}",
        "webhook-id": str(request.event_id),
        "webhook-timestamp": str(floor(sent_at.timestamp())),
        "webhook-signature": " ".join(
            standardwebhooks.Webhook(secret).sign(str(request.event_id), sent_at, body)
            for secret in request.secrets
        ),
    }


def parse_retry_after(value: str, now: datetime) -> int | None:
    """Return the seconds that a Retry-After asks for (RFC 9110, 10.2.3), None for nonsense."""
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return min(int(value), MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, min(round((moment - now).total_seconds()), MAX_RETRY_AFTER))


def _version() -> str:
    try:
        return version("copydesk")
    except PackageNotFoundError:
        return "unknown"


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _retry_after(answer: Answer, now: datetime) -> int | None:
    busy = answer.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    if not busy or answer.retry_after is None:
        return None
    return parse_retry_after(answer.retry_after, now)
