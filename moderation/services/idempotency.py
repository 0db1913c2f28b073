"""Idempotency keys: a request that is sent twice is done once and answered twice alike."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moderation.model.errors import IdempotencyMismatch, RequestInProgress
from moderation.model.ids import SiteId
from moderation.runtime import Runtime
from moderation.storage import idempotency

KEPT = timedelta(hours=24)
"""How long an answer is kept."""
RUN_LIMIT = timedelta(seconds=60)
"""How long a request that gave no answer holds its key: it died, or its process did."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered; `body` is JSON without any comment's text.

    `passing` says that part of it failed for a reason that may be gone a moment later: such an
    answer is not kept, so that the repeated request is tried again.
    """

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Reservation:
    """A key held by the request that began at this moment."""

    site_id: SiteId
    key: str
    begun_at: datetime


def begin(runtime: Runtime, site_id: SiteId, key: str, body: bytes) -> Reservation | Answer:
    """Hold a key for this request, or return the answer that its first use got.

    The caller ends with `finish` or `give_up`. Raises IdempotencyMismatch where the key came with
    another body, RequestInProgress while the first request has no answer yet.
    """
    digest = hmac.digest(runtime.settings.derive_key("idempotency"), body, "sha256").hex()
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        if idempotency.add(connection, site_id, key, digest, now):
            return Reservation(site_id, key, now)
        kept = idempotency.get(connection, site_id, key)
        if kept is not None:
            recent = kept.created_at > now - KEPT
            if recent and (answer := _answer_of(kept, digest, now)):
                return answer
            # It is over, and locked; one that is gone since a moment ago may be another's by now.
            idempotency.remove(connection, site_id, key)
        if not idempotency.add(connection, site_id, key, digest, now):
            raise RequestInProgress(_UNDER_WAY)
    return Reservation(site_id, key, now)


def finish(runtime: Runtime, held: Reservation, answer: Answer) -> None:
    """Keep the answer for whoever repeats the request."""
    values = {
        "status": answer.status,
        "headers": dict(answer.headers),
        "answer": dict(answer.body),
    }
    with runtime.transaction() as connection:
        idempotency.answer(connection, held.site_id, held.key, held.begun_at, values)


def give_up(runtime: Runtime, held: Reservation) -> None:
    """Let go of a key whose request failed, so that it may be tried again at once."""
    with runtime.transaction() as connection:
        idempotency.release(connection, held.site_id, held.key, held.begun_at)


_UNDER_WAY = "The first request with this Idempotency-Key is still under way."


def _answer_of(kept: Any, digest: str, now: datetime) -> Answer | None:  # noqa: ANN401 - a row
    """Return the kept answer, or None where the first request died and this one may run."""
    if not hmac.compare_digest(kept.body_digest, digest):
        raise IdempotencyMismatch("This Idempotency-Key came with another request before.")
    if kept.status is not None:
        return Answer(kept.status, kept.answer, kept.headers)
    if kept.created_at > now - RUN_LIMIT:
        raise RequestInProgress(_UNDER_WAY)
    return None
