"""Answers in JSON."""

from collections.abc import Mapping

from flask import Response, json

from moderation.services.idempotency import Answer


def respond(answer: Answer, headers: Mapping[str, str] | None = None) -> Response:
    """Turn an answer into a response."""
    response = Response(json.dumps(answer.body), answer.status, content_type="application/json")
    response.headers.update(answer.headers)
    response.headers.update(headers or {})
    return response
