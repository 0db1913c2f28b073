"""The shift: how the team stands."""

from flask import render_template
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site_ids, current_user
from api.dashboard.hours import draw_hours
from api.dashboard.zones import zone
from api.web import web
from moderation.services.shift import read_shift


def shift() -> ResponseReturnValue:
    """Show what came and went in the last day, who is on, and what they are on."""
    found = read_shift(web().runtime, current_user(), chosen_site_ids(), zone())
    return render_template("dashboard/shift.html", shift=found, chart=draw_hours(found.hours))
