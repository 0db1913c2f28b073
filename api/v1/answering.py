"""Answers in JSON."""

from collections.abc import Mapping

from flask import Response
from pydantic_core import to_json

from moderation.services.idempotency import Answer


def respond(answer: Answer, headers: Mapping[str, str] | None = None) -> Response:
    """Turn an answer into a response."""
    response = Response(to_json(answer.body), answer.status, content_type="application/json")
    response.headers.update(answer.headers)
    response.headers.update(headers or {})
    return response
