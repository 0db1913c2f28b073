"""Errors as pages, with what to do about them in a moderator's words."""

from uuid import uuid4

import structlog
from flask import Blueprint, Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from api import error_handlers
from api.dashboard.languages import Words, gettext, noted, told
from api.problems import KINDS, problem_of_status
from moderation.model import errors
from moderation.model.errors import ModerationError

log = structlog.get_logger()

NOT_FOUND = 404
BROKEN = 500

_TITLES = Words(
    {
        400: noted("This form cannot be used any more"),
        401: noted("Please sign in"),
        403: noted("Not allowed"),
        404: noted("Nothing here"),
        405: noted("This address takes no such request"),
        409: noted("Somebody was faster"),
        410: noted("Erased"),
        413: noted("Too much at once"),
        422: noted("Something is wrong with what was sent"),
        429: noted("Too many attempts"),
        500: noted("Something went wrong here"),
        503: noted("For a moment nothing works"),
    }
)
_ADVICE = Words(
    {
        400: noted(
            "It is too old, or came from elsewhere. Load the page again and repeat what you did."
        ),
        403: noted("Ask somebody who may do it."),
        404: noted("There is no such page, or it is not for you."),
        405: noted("Go back to the queue."),
        409: noted("Look at what it says now, then decide again."),
        410: noted("The site withdrew this comment. Nothing is left to do."),
        413: noted("Send less."),
        422: noted("Go back, correct it and send it again."),
        500: noted(
            "Try again. If it happens again, tell whoever runs this installation the number below."
        ),
        503: noted("Nothing is lost. Try again in a moment."),
    }
)


def register(app: Flask, blueprint: Blueprint) -> None:
    """Attach the handlers to the dashboard, and to addresses that nobody serves."""
    blueprint.register_error_handler(ModerationError, _tell_known)
    blueprint.register_error_handler(HTTPException, _tell_http)
    blueprint.register_error_handler(Exception, _tell_unknown)
    app.register_error_handler(NOT_FOUND, _tell_nowhere)


def _tell_known(error: ModerationError) -> Response:
    kind = KINDS[type(error)]
    if kind.status >= BROKEN:
        log.error("page_failed", route=error_handlers.route(), exc_info=error)
    # What the storage says is for the log; the rest was written for people.
    detail = "" if isinstance(error, errors.Transient) else told(error)
    headers = {} if kind.retry_after is None else {"Retry-After": str(kind.retry_after)}
    return _page(kind.status, detail, headers=headers)


def _tell_http(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    status = error.code or BROKEN
    own_words = error.description if error.description != type(error).description else ""
    if status in _ADVICE:
        own_words = ""
    kept = {"allow", "retry-after"}
    headers = {k: v for k, v in error.get_headers(request.environ) if k.lower() in kept}
    return _page(status, own_words or "", headers=headers)


def _tell_nowhere(error: HTTPException) -> Response:
    """Answer for an address that nobody serves: programs get a document, people a page."""
    if request.path.startswith(error_handlers.DOCUMENT_PATHS):
        return error_handlers.present(problem_of_status(NOT_FOUND))
    return _tell_http(error)


def _tell_unknown(error: Exception) -> Response:
    """Say no word of an unknown error: its text may hold anything."""
    number = str(uuid4())
    log.error("page_broke", route=error_handlers.route(), instance=number, exc_info=error)
    return _page(BROKEN, "", instance=number)


def _page(
    status: int,
    detail: str,
    *,
    instance: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    page = render_template(
        "dashboard/error.html",
        status=status,
        title=_TITLES.get(status, gettext("Something went wrong")),
        detail=detail,
        # What is missing was named then: "no such page" would contradict it.
        advice="" if status == NOT_FOUND and detail else _ADVICE.get(status, ""),
        instance=instance,
    )
    return Response(page, status, headers)
