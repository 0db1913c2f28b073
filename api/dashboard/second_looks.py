"""Second looks: judging blind what a colleague decided, and how often people agree."""

from datetime import timedelta
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site_ids, current_user
from api.dashboard.acting import acted
from api.dashboard.forms import choice, field, number
from api.dashboard.languages import told
from api.web import web
from moderation.model.decisions import Action
from moderation.model.errors import Erased, StaleReview
from moderation.model.ids import SecondLookId
from moderation.services import second_looks as service

PERIODS = (30, 90, 365)
"""Days."""


def second_look() -> ResponseReturnValue:
    """Show the comment that this person should judge once more."""
    return _page()


def judge_again(look_id: UUID) -> ResponseReturnValue:
    """Record what a second person would have decided, and go on."""
    try:
        given, seen = choice(Action, "action"), number("seen")
        act = service.look(web().runtime, current_user(), SecondLookId(look_id), given, seen=seen)
    except (StaleReview, Erased) as error:
        return _page(told(error)), 409
    return acted(act.id)


def agreement() -> ResponseReturnValue:
    """Show how often second persons decided as first ones had, over one of a few periods."""
    asked = field("days", 4)
    days = next((one for one in PERIODS if str(one) == asked), PERIODS[1])
    found = service.agreements(
        web().runtime, current_user(), chosen_site_ids(), timedelta(days=days)
    )
    return render_template(
        "dashboard/agreement.html",
        found=[one for one in found if one.label is None or one.agreed.of],
        periods=PERIODS,
        days=days,
    )


def _page(conflict: str | None = None) -> str:
    look = service.next_look(web().runtime, current_user(), chosen_site_ids())
    return render_template("dashboard/second_look.html", look=look, conflict=conflict)
