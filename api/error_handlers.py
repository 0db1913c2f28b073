"""Error handlers: whatever is raised ends as a problem document, or as a page for browsers."""

from html import escape
from http import HTTPStatus
from uuid import uuid4

import structlog
from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from api.problems import Problem, problem_of, problem_of_status
from moderation.model.errors import ModerationError

log = structlog.get_logger()

PROBLEM_TYPE = "application/problem+json"
DOCUMENT_PATHS = ("/v1/", "/health/", "/metrics")
"""Programs read these; everywhere else a person sits before a browser."""

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<h1>{title}</h1>
<p>{explanation}</p>
</html>
"""


def register(app: Flask) -> None:
    """Attach the handlers; a blueprint may have its own, which then go first."""
    app.register_error_handler(ModerationError, _tell_known)
    app.register_error_handler(HTTPException, _tell_http)
    app.register_error_handler(Exception, _tell_unknown)


def present(problem: Problem) -> Response:
    """Answer with a problem, in the form that suits the address."""
    if request.path.startswith(DOCUMENT_PATHS):
        body, media_type = json.dumps(problem.document()), PROBLEM_TYPE
    else:
        title, explanation = escape(problem.kind.title), escape(problem.explanation)
        body, media_type = (
            _PAGE.format(title=title, explanation=explanation),
            "text/html; charset=utf-8",
        )
    return Response(body, problem.kind.status, dict(problem.headers), content_type=media_type)


def route() -> str:
    """Return the pattern of the address that was asked for, for the log.

    The address itself may be a one-time link, or hold what a site calls its comments.
    """
    return "none" if request.url_rule is None else request.url_rule.rule


def _tell_known(error: ModerationError) -> Response:
    problem = problem_of(error)
    if problem.kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request_failed", route=route(), exc_info=error)
    return present(problem)


def _tell_http(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    own_words = error.description if error.description != type(error).description else None
    response = present(problem_of_status(error.code or 500, detail=own_words))
    for name, value in error.get_headers(request.environ):
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _tell_unknown(error: Exception) -> Response:
    """Say no word of an unknown error: its text may hold anything."""
    instance = f"urn:uuid:{uuid4()}"
    log.error("request_broke", route=route(), instance=instance, exc_info=error)
    return present(problem_of_status(500, instance=instance))
