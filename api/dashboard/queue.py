"""The queue: flagged comments, the most pressing first."""

from uuid import UUID

from flask import Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site_ids, current_user
from api.dashboard.backlog import sentence
from api.web import web
from moderation.model.desk import Place
from moderation.model.ids import ReviewId
from moderation.services import desk

ESCALATED = "escalated"
"""As `show` in the address: what waits for operators, instead of what waits for everybody."""

ONE = "copydesk_one"
"""The cookie that keeps whether this browser shows one comment at a time."""
A_YEAR = 31_536_000
"""Seconds."""


def queue() -> ResponseReturnValue:
    """Show what waits, all at once or one at a time."""
    after, escalated = read_place(request.args.get("after", "")), _escalated()
    read = desk.escalated_page if escalated else desk.queue_page
    page = read(web().runtime, current_user(), chosen_site_ids(), after)
    one = request.args.get("one", request.cookies.get(ONE)) == "yes"
    shown = render_template(
        "dashboard/queue.html",
        page=page,
        more=None if page.more_after is None else write_place(page.more_after),
        first=after is None,
        backlog=sentence(web().backlog.read()),
        show=ESCALATED if escalated else None,
        one=one,
        behind_first=_behind_first(page),
    )
    return _remember(make_response(shown), one=one)


def count() -> ResponseReturnValue:
    """Say how many wait, also for the classifier; nothing (304) while that was seen already."""
    waiting = desk.count_waiting(
        web().runtime, current_user(), chosen_site_ids(), escalated=_escalated()
    )
    response = jsonify(waiting=waiting, backlog=sentence(web().backlog.read()))
    response.add_etag()
    return response.make_conditional(request)


def write_place(place: Place) -> str:
    """Write a place for an address; the risk to its last digit, since ties are ordered by id."""
    return f"{place.risk!r}~{place.review_id}"


def read_place(written: str) -> Place | None:
    """Read a place off an address; None where it is not one."""
    risk, _, review_id = written.partition("~")
    try:
        return Place(float(risk), ReviewId(UUID(review_id)))
    except ValueError:
        return None


def _escalated() -> bool:
    return request.args.get("show") == ESCALATED


def _behind_first(page: desk.QueuePage) -> str | None:
    """Return the place behind the first card, where another follows."""
    if len(page.cards) <= 1 or (first := page.cards[0].waiting) is None:
        return None
    return write_place(Place(first.risk, first.id))


def _remember(response: Response, *, one: bool) -> Response:
    if "one" in request.args:
        secure = request.is_secure
        value = "yes" if one else "no"
        response.set_cookie(ONE, value, max_age=A_YEAR, secure=secure, samesite="Lax")
    return response
