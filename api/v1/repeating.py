"""Requests that may be sent twice: the header `Idempotency-Key` (IETF draft-07)."""

import re
from collections.abc import Callable

import structlog
from flask import Response, request

from api.v1.access import access
from api.v1.answering import respond
from api.v1.operation import Header
from api.web import web
from moderation.model.errors import InvalidInput, StorageUnavailable
from moderation.runtime import Runtime
from moderation.services.idempotency import Answer, Reservation, begin, finish, give_up

log = structlog.get_logger()

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"

KEY_HEADERS = {
    KEY_HEADER: Header(
        "Any name for this request. Sent again within 24 hours, it gets the first answer.",
        {"type": "string", "pattern": "^[!-~]{1,255}$"},
    )
}
REPLAYED_HEADERS = {
    REPLAYED_HEADER: Header("`true` where this is the answer to an earlier request.")
}

_KEY = re.compile(r"[!-~]{1,255}")


def answer_once(make: Callable[[], Answer]) -> Response:
    """Answer a request, or repeat the answer that its Idempotency-Key got before.

    Only success is kept: after a failure, the same key may be tried again at once.
    """
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return respond(make())
    runtime = web().runtime
    held = begin(runtime, access().site_id, _check_key(key), _fingerprint())
    if isinstance(held, Answer):
        return respond(held, {REPLAYED_HEADER: "true"})
    return respond(_make_and_keep(runtime, held, make))


def _make_and_keep(runtime: Runtime, held: Reservation, make: Callable[[], Answer]) -> Answer:
    keeps = False
    try:
        answer = make()
        keeps = not answer.passing
    finally:
        # Also where making it failed, which is answered and logged further out.
        if not keeps:
            give_up(runtime, held)
    if keeps:
        _keep(runtime, held, answer)
    return answer


def _keep(runtime: Runtime, held: Reservation, answer: Answer) -> None:
    try:
        finish(runtime, held, answer)
    except StorageUnavailable:
        # The work is done; repeated a minute later, the request finds it so.
        log.warning("answer_not_kept", site_id=str(held.site_id))


def _check_key(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise InvalidInput(f"{KEY_HEADER} takes 1 to 255 visible ASCII characters.")
    return key


def _fingerprint() -> bytes:
    """Return what must be the same when the request is sent again."""
    query = request.query_string
    at = request.path.encode() + (b"?" + query if query else b"")
    return request.method.encode() + b" " + at + b"\n" + request.get_data()
