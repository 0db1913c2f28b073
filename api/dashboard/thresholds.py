"""Thresholds: what they do to stored scores, trying and publishing others, going back."""

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from api.dashboard import simulation_words
from api.dashboard.access import current_user, one_site
from api.dashboard.forms import field, number
from api.dashboard.languages import gettext, told
from api.dashboard.rule_forms import chosen_preset, rules_of
from api.dashboard.threshold_forms import Typed, draft_of, named_classifier, read_form
from api.problems import KINDS
from api.web import web
from moderation.model.errors import Conflict, InvalidInput, NotFound
from moderation.model.policy import Policy
from moderation.model.presets import Preset
from moderation.services import carrying, tuning


def thresholds() -> ResponseReturnValue:
    """Show the numbers in force for a classifier, and what they do to its scores."""
    return _page(None)


def publish() -> ResponseReturnValue:
    """Try what was typed on stored facts, or put it into force."""
    site = one_site()
    if field("do") == "carry":
        return _carried()
    typed = read_form()
    if field("do") == "try":
        return _simulated(typed)
    if preset := chosen_preset():
        typed = _filled(typed, preset)
    if typed.said:
        return _page(typed), KINDS[InvalidInput].status
    draft = draft_of(typed)
    try:
        if preset or field("do") == "preview":
            return _page(typed, draft)
        policy = tuning.publish(web().runtime, current_user(), site.id, draft)
    except (InvalidInput, Conflict) as error:
        # Without the draft, which cannot be applied: what was typed stays.
        return _page(typed, None, told(error)), KINDS[type(error)].status
    return _published(policy)


def roll_back() -> ResponseReturnValue:
    """Put the numbers of an older version into force again, for the classifier they were for."""
    site = one_site()
    try:
        policy = tuning.roll_back(
            web().runtime, current_user(), site.id, number("version"), number("seen")
        )
    except (InvalidInput, Conflict) as error:
        return _page(None, None, told(error)), KINDS[type(error)].status
    return _published(policy)


def _simulated(typed: Typed) -> ResponseReturnValue:
    """Answer the script that follows a line that is dragged: only what changes on the page."""
    site, found, errors = one_site(), None, typed.said
    if not errors:
        try:
            look = tuning.Look(named_classifier(), _days(), draft_of(typed))
            found = tuning.try_draft(web().runtime, current_user(), site.id, look)
        except InvalidInput as error:
            errors = [told(error)]
    part = render_template(
        "dashboard/simulated.html", found=found, errors=errors, version=number("version")
    )
    return part, KINDS[InvalidInput].status if errors else 200


def _filled(typed: Typed, preset: Preset) -> Typed:
    return replace(typed, rules=typed.rules.filled(preset) if typed.rules else None)


def _carried() -> ResponseReturnValue:
    """Fill the form in with what stands for the thresholds of another classifier."""
    seen = number("seen")
    try:
        found = carrying.propose(web().runtime, one_site().id, None, field("classifier", 100))
        found.check()
    except (InvalidInput, NotFound) as error:
        return _page(None, None, told(error)), KINDS[type(error)].status
    policy = found.policy
    numbers = {f"flag_{label}": f"{one.flag:g}" for label, one in policy.thresholds.items()}
    typed = Typed(
        numbers, found.reason, rejecting=False, other_languages=policy.other_languages, errors={}
    )
    draft = tuning.Draft(
        policy.thresholds, found.reason, seen, policy.other_languages, policy.classifier
    )
    return _page(typed, draft)


def _published(policy: Policy) -> ResponseReturnValue:
    flash(
        gettext(
            "Version %(version)s is in force for %(classifier)s. "
            "Comments that were decided before stay as they are.",
            version=policy.version,
            classifier=policy.classifier,
        )
    )
    return redirect(url_for("dashboard.thresholds", classifier=named_classifier()), 303)


def _days() -> int | None:
    """Return which period was chosen; None where none was."""
    asked = field("days", 4)
    return next((one for one in simulation_words.CHOICES if str(one) == asked), None)


def _page(
    typed: Typed | None,
    drafted: tuning.Draft | None = None,
    error: str | None = None,
) -> str:
    site = one_site()
    look = tuning.Look(named_classifier(), _days(), drafted)
    found = tuning.read_tuning(web().runtime, current_user(), site.id, look)
    return render_template(
        "dashboard/thresholds.html",
        tuning=found,
        typed=typed,
        drafted=drafted,
        rules=(typed and typed.rules) or rules_of(found.current.policy),
        error=error,
    )
