"""One question to Google's Perspective API over HTTP, and what its answer means.

The key goes in a header: addresses get into logs. Nothing that the other side says is quoted.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from ipaddress import ip_network

from moderation.model.addresses import AddressGuard, check_url
from moderation.model.errors import InvalidInput
from moderation.model.languages import primary
from moderation.model.perspective import (
    ASKED,
    Question,
    Reply,
    ShadowState,
    summary_scores,
)
from worker.guarded_http import Answer, Post, post
from worker.guarded_network import PostFailed, Transport
from worker.webhooks import parse_retry_after

SECONDS = 5.0
"""The deadline of one question; whoever asks has one of eight threads of the sender of webhooks."""

KEY_HEADER = "X-Goog-Api-Key"

ANYWHERE = AddressGuard((ip_network("0.0.0.0/0"), ip_network("::/0")), allow_http=True)
"""The operator sets the address, and no site."""

OF_THIS_TEXT = frozenset(
    {
        "COMMENT_EMPTY",
        "COMMENT_TOO_LONG",
        "LANGUAGE_DETECTION_FAILED",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
    }
)
"""Errors after which the next comment may do."""

_OVER = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_NO_ENTRANCE = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


def ask(
    question: Question, base_url: str, now: datetime, transport: Transport | None = None
) -> Reply:
    """Ask for the scores of a comment; whatever happens is a reply."""
    headers = {"content-type": "application/json", KEY_HEADER.lower(): question.key}
    transport = transport or Transport(seconds=SECONDS)
    try:
        destination = check_url(f"{base_url.rstrip('/')}/comments:analyze", ANYWHERE)
        answer = post(Post(destination, headers, _body(question)), ANYWHERE, transport)
    except (InvalidInput, PostFailed) as error:
        return Reply(problem=str(error))
    return _reply(answer, now)


def _body(question: Question) -> bytes:
    body: dict[str, object] = {
        "comment": {"text": question.text, "type": "PLAIN_TEXT"},
        "requestedAttributes": {attribute: {} for attribute in ASKED},
        "doNotStore": True,
    }
    if language := primary(question.language):
        # Else a short text is taken for Turkish and refused.
        body["languages"] = [language]
    return json.dumps(body).encode()


def _reply(answer: Answer, now: datetime) -> Reply:
    """Return what an answer means."""
    status, said = answer.status, f"it answers {answer.status}"
    if status == HTTPStatus.OK:
        return _scores(answer)
    if status in _OVER:
        return Reply(problem=said, state=ShadowState.GONE)
    error_types = set(_error_types(answer))
    if status in _NO_ENTRANCE or "API_KEY_INVALID" in error_types:
        return Reply(problem=said, state=ShadowState.KEY_REFUSED)
    if known := error_types & OF_THIS_TEXT:
        return Reply(problem=f"{said}, {min(known)}", refused=True)
    wished = None if answer.retry_after is None else parse_retry_after(answer.retry_after, now)
    return Reply(problem=said, retry_after=wished)


def _scores(answer: Answer) -> Reply:
    try:
        scores = summary_scores(_json(answer).get("attributeScores"))
    except ValueError:
        scores = {}
    return Reply(scores) if scores else Reply(problem="its answer holds no scores")


def _error_types(answer: Answer) -> Iterator[str]:
    """Yield by which names the details of an error call it."""
    error = _json(answer).get("error")
    details = error.get("details") if isinstance(error, Mapping) else None
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, Mapping):
            yield from (str(detail[name]) for name in ("errorType", "reason") if name in detail)


def _json(answer: Answer) -> Mapping[str, object]:
    try:
        found = json.loads(answer.body or b"")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
