"""The queue: comments that wait for a person, the most pressing first."""

from flask import Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site_ids, current_user
from api.dashboard.backlog import sentence
from api.dashboard.filters import fields_of, groups, numbers, read_filter
from api.dashboard.places import read_place, write_place
from api.web import web
from moderation.model.desk import Place
from moderation.services import queue as service

ONE = "copydesk_one"
"""The cookie that keeps whether this browser shows one comment at a time."""
A_YEAR = 31_536_000
"""Seconds."""


def queue() -> ResponseReturnValue:
    """Show what waits, all at once or one at a time."""
    sought = read_filter()
    after = read_place(request.args.get("after", ""), sought.order)
    page = service.queue_page(web().runtime, current_user(), chosen_site_ids(), sought, after=after)
    one = request.args.get("one", request.cookies.get(ONE)) == "yes"
    shown = render_template(
        "dashboard/queue.html",
        page=page,
        sought=sought,
        fields=fields_of(sought),
        groups=groups(page.tally, sought),
        more=_written(page.more_after),
        first=after is None,
        backlog=sentence(web().backlog.read()),
        one=one,
        behind_first=None if page.handed else _written(page.after_first),
    )
    return _remember(make_response(shown), one=one)


def count() -> ResponseReturnValue:
    """Say how many wait, also for the classifier; nothing (304) while that was seen already."""
    sought = read_filter()
    tally = service.count_waiting(web().runtime, current_user(), chosen_site_ids(), sought)
    response = jsonify(
        waiting=tally.waiting,
        backlog=sentence(web().backlog.read()),
        numbers=numbers(tally, sought),
    )
    response.add_etag()
    return response.make_conditional(request)


def _written(place: Place | None) -> str | None:
    return None if place is None else write_place(place)


def _remember(response: Response, *, one: bool) -> Response:
    if "one" in request.args:
        secure = request.is_secure
        value = "yes" if one else "no"
        response.set_cookie(ONE, value, max_age=A_YEAR, secure=secure, samesite="Lax")
    return response
