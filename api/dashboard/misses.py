"""What automation misses: how much of what it approves people would reject."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from api.dashboard.access import one_site
from api.dashboard.forms import field
from api.dashboard.miss_weeks import draw_weeks
from api.web import web
from moderation.services.misses import read_misses

PERIODS = (7, 30, 90)
"""Days."""


def misses() -> ResponseReturnValue:
    """Show what the audit tells of one site, over one of a few periods."""
    asked, site = field("days", 4), one_site()
    days = next((one for one in PERIODS if str(one) == asked), PERIODS[1])
    found = read_misses(web().runtime, site.id, timedelta(days=days))
    return render_template(
        "dashboard/misses.html",
        found=found,
        chart=draw_weeks(found.weeks),
        site=site,
        periods=PERIODS,
        days=days,
    )
