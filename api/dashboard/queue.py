"""The queue: flagged comments, the most pressing first."""

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site_ids, current_user
from api.dashboard.backlog import sentence
from api.dashboard.filters import fields_of, groups, numbers, read_filter
from api.dashboard.forms import identifier
from api.dashboard.places import read_place, write_place
from api.web import web
from moderation.model.ids import DecisionId
from moderation.services import queue as service


def queue() -> ResponseReturnValue:
    """Show what waits, and the decision just made."""
    sought, decided = read_filter(), identifier("decided")
    after = read_place(request.args.get("after", ""), sought.order)
    page = service.queue_page(
        web().runtime,
        current_user(),
        chosen_site_ids(),
        sought,
        after=after,
        decided=None if decided is None else DecisionId(decided),
    )
    return render_template(
        "dashboard/queue.html",
        page=page,
        sought=sought,
        fields=fields_of(sought),
        groups=groups(page.tally, sought),
        more=None if page.more_after is None else write_place(page.more_after),
        first=after is None,
        backlog=sentence(web().backlog.read()),
    )


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
