"""Rates: what became of a site's comments lately."""

from flask import render_template
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user, one_site
from api.dashboard.forms import field
from api.dashboard.rate_bars import draw_rates
from api.web import web
from moderation.model.rates import PERIODS, Period
from moderation.services.rates import MOST_COMPARED, read_rates


def rates() -> ResponseReturnValue:
    """Show what automation and people did with a site's comments, over one of a few periods."""
    period = _period()
    found = read_rates(web().runtime, current_user(), one_site().id, period)
    return render_template(
        "dashboard/rates.html",
        rates=found,
        chart=draw_rates(found.steps, period),
        periods=PERIODS,
        most_compared=MOST_COMPARED,
    )


def _period() -> Period:
    asked = field("days", 4)
    return next((one for one in PERIODS if str(one.days) == asked), PERIODS[1])
