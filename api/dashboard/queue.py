"""The queue: flagged comments, the most pressing first."""

from uuid import UUID

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site_ids, current_user
from api.dashboard.backlog import sentence
from api.dashboard.forms import identifier
from api.web import web
from moderation.model.desk import Place
from moderation.model.ids import DecisionId, ReviewId
from moderation.services import desk


def queue() -> ResponseReturnValue:
    """Show what waits, and the decision just made."""
    after, decided = read_place(request.args.get("after", "")), identifier("decided")
    page = desk.queue_page(
        web().runtime,
        current_user(),
        chosen_site_ids(),
        after,
        None if decided is None else DecisionId(decided),
    )
    more = None if page.more_after is None else write_place(page.more_after)
    backlog = sentence(web().backlog.read())
    return render_template(
        "dashboard/queue.html", page=page, more=more, first=after is None, backlog=backlog
    )


def count() -> ResponseReturnValue:
    """Say how many wait, also for the classifier; nothing (304) while that was seen already."""
    waiting = desk.count_waiting(web().runtime, current_user(), chosen_site_ids())
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
