"""One's own desk: what is hidden until asked, and what is left to colleagues."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user
from api.dashboard.filters import name_of
from api.dashboard.forms import INCOMPLETE, field
from api.dashboard.languages import gettext, languages
from api.web import web
from moderation.model.errors import InvalidInput
from moderation.model.preferences import NOTHING, TO_CHOOSE, Preferences
from moderation.model.reviews import Cause
from moderation.services.preferences import choose

_BY_NAME = {name_of(cause): cause for cause in TO_CHOOSE}


def preferences() -> ResponseReturnValue:
    """Show what the person chose for their own desk."""
    return render_template("dashboard/preferences.html", choices=_BY_NAME, languages=languages())


def choose_preferences() -> ResponseReturnValue:
    """Keep what they choose now, from the next page on."""
    chosen = Preferences(_ticked("hide"), _ticked("opt_out"), _language())
    choose(web().runtime, current_user(), chosen)
    flash(gettext("Kept. Your desk is as you chose from now on."))
    return redirect(url_for("dashboard.preferences"), 303)


def _language() -> str | None:
    """Return which language they chose; None: as their browser asks."""
    chosen = field("language", 35)
    if chosen and chosen not in languages():
        raise InvalidInput(INCOMPLETE)
    return chosen or None


def _ticked(name: str) -> Cause:
    causes = NOTHING
    for ticked in request.form.getlist(name):
        if ticked not in _BY_NAME:
            raise InvalidInput(INCOMPLETE)
        causes |= _BY_NAME[ticked]
    return causes
