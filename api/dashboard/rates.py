"""Rates: what became of a site's comments lately."""

from datetime import date

from flask import Response, render_template, stream_with_context
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user, one_site
from api.dashboard.forms import choice, field
from api.dashboard.languages import gettext
from api.dashboard.rate_bars import draw_rates
from api.web import web
from moderation.model.disagreements import ExportFormat, written
from moderation.model.errors import InvalidInput
from moderation.model.rates import PERIODS, Period
from moderation.services.disagreements import disagreements_for
from moderation.services.rates import MOST_COMPARED, read_rates, spans_until
from moderation.services.spikes import read_spike

MOST_DRIFTS = 3
"""Named one by one: after a change that stays, day after day is not as usual."""

EARLIEST, LATEST = 1970, 2999
"""Years of which days can be looked at."""


def rates() -> ResponseReturnValue:
    """Show what automation and people did with a site's comments, over one of a few periods."""
    period = _period()
    found = read_rates(web().runtime, current_user(), one_site().id, period)
    return render_template(
        "dashboard/rates.html",
        rates=found,
        chart=draw_rates(found.steps, period, [at for _, at in found.published]),
        periods=PERIODS,
        most_compared=MOST_COMPARED,
        most_drifts=MOST_DRIFTS,
        drifted_days={drift.span.begins.date() for drift in found.drifts},
    )


def spike() -> ResponseReturnValue:
    """Show what is behind the flagged comments of a day."""
    user = current_user()
    found = read_spike(web().runtime, user, one_site().id, _day())
    return render_template("dashboard/spike.html", spike=found, veiled=bool(user.preferences.hides))


def disagreements() -> ResponseReturnValue:
    """Send comments of a period on which a person decided otherwise than automation, as a file."""
    site, form = one_site(), choice(ExportFormat, "format")
    since = spans_until(web().runtime.clock.now(), _period())[0].begins
    found = disagreements_for(web().runtime, current_user(), site.id, since)
    kind = "text/csv" if form is ExportFormat.CSV else "application/jsonl"
    name = f"disagreements-{site.name}.{form}"
    return Response(
        stream_with_context(written(found, form)),
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _period() -> Period:
    asked = field("days", 4)
    return next((one for one in PERIODS if str(one.days) == asked), PERIODS[1])


def _day() -> date:
    try:
        day = date.fromisoformat(field("day", 10))
    except ValueError:
        day = date.max
    if not EARLIEST <= day.year <= LATEST:
        raise InvalidInput(gettext("There is no such day."))
    return day
