"""Learning from moderators: what there is to learn from, versions, and switching one on."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user, one_site
from api.dashboard.forms import number
from api.dashboard.head_curve import curve
from api.dashboard.languages import gettext, told
from api.problems import KINDS
from api.web import web
from moderation.model import learning as lessons
from moderation.model.errors import Conflict, InvalidInput
from moderation.model.heads import HeadState
from moderation.services import heads
from moderation.services import learning as learnt


def learning() -> ResponseReturnValue:
    """Show how a site stands with what its moderators taught."""
    return _page()


def train_head() -> ResponseReturnValue:
    """Have a version trained soon."""
    try:
        learnt.ask(web().runtime, current_user(), one_site().id)
    except (InvalidInput, Conflict) as error:
        return _page(told(error)), KINDS[type(error)].status
    return _done(gettext("A version is being trained. Load the page again in a minute."))


def switch_head_on() -> ResponseReturnValue:
    """Let new comments have the score of a version."""
    wanted = number("number")
    try:
        heads.switch_on(web().runtime, current_user(), one_site().id, wanted)
    except (InvalidInput, Conflict) as error:
        return _page(told(error)), KINDS[type(error)].status
    return _done(
        gettext(
            "Version %(number)s is on: new comments have its score. "
            "Nothing is decided by it until thresholds with a line for it are published.",
            number=wanted,
        )
    )


def switch_head_off() -> ResponseReturnValue:
    """Let new comments have no such score."""
    anyway = bool(request.form.get("anyway"))
    try:
        heads.switch_off(web().runtime, current_user(), one_site().id, anyway=anyway)
    except Conflict as error:
        return _page(told(error)), KINDS[Conflict].status
    return _done(gettext("It is off: new comments have no such score."))


def _done(said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("dashboard.learning"), 303)


def _page(error: str | None = None) -> str:
    found = learnt.read_learning(web().runtime, current_user(), one_site().id)
    tried = next((one for one in found.versions if one.trial is not None), None)
    shown = found.on or tried
    return render_template(
        "dashboard/learning.html",
        found=found,
        shown=shown,
        curve=curve(shown.trial) if shown is not None and shown.trial is not None else None,
        proposed=heads.proposed(found.policy, found.on) if found.on is not None else None,
        is_used=heads.has_line(found.policy),
        needed=lessons,
        states=HeadState,
        error=error,
    )
