"""Thresholds: what they do to stored scores, trying and publishing others, going back."""

from collections.abc import Mapping
from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from api.dashboard import evidence_words, simulation_words
from api.dashboard.access import current_user, one_site
from api.dashboard.advice_forms import Asked, read_asked, wish_of
from api.dashboard.forms import INCOMPLETE, field, number
from api.dashboard.languages import gettext, told
from api.dashboard.placed import fields_of, in_address, named_pattern
from api.dashboard.rule_forms import chosen_preset, rules_of
from api.dashboard.shadow import start
from api.dashboard.stored_reasons import in_words
from api.dashboard.threshold_forms import (
    Typed,
    beside_thresholds,
    draft_of,
    filled_in,
    named_classifier,
    read_form,
)
from api.problems import KINDS
from api.web import web
from moderation.model.errors import Conflict, InvalidInput, NotFound
from moderation.model.evidence import NEEDED
from moderation.model.labels import Label
from moderation.model.places import Pattern
from moderation.model.policy import Policy
from moderation.model.presets import Preset
from moderation.services import advising, carrying, heads, tuning
from moderation.services.advising import Advice
from moderation.services.rejecting import read_evidence


def thresholds() -> ResponseReturnValue:
    """Show the numbers in force for a classifier, and what they do to its scores."""
    return _page(None)


def publish() -> ResponseReturnValue:
    """Try what was typed on stored facts, let it shadow, put it into force, or fill more in."""
    typed = read_form()
    if field("do") == "carry":
        return _carried(typed)
    if asked := read_asked():
        return _advised(typed, asked)
    if field("do") == "try":
        return _simulated(typed)
    if preset := chosen_preset():
        typed = _filled(typed, preset)
    if typed.said:
        return _page(typed), KINDS[InvalidInput].status
    draft = draft_of(typed)
    try:
        return _page(typed, draft) if preset else _do(typed, draft)
    except (InvalidInput, Conflict) as error:
        # Without the draft, which cannot be applied: what was typed stays.
        return _page(typed, None, told(error)), KINDS[type(error)].status


def remove_place() -> ResponseReturnValue:
    """Let a place be as everywhere again."""
    pattern = named_pattern()
    if pattern is None:
        raise InvalidInput(INCOMPLETE)
    removal = tuning.Removal(pattern, field("classifier", 100), number("seen"))
    try:
        policy = tuning.remove_place(web().runtime, current_user(), one_site().id, removal)
    except (InvalidInput, Conflict) as error:
        return _page(None, None, told(error)), KINDS[type(error)].status
    return _published(policy, None)


def roll_back() -> ResponseReturnValue:
    """Put the numbers of an older version into force again, for the classifier they were for."""
    site = one_site()
    try:
        policy = tuning.roll_back(
            web().runtime, current_user(), site.id, number("version"), number("seen")
        )
    except (InvalidInput, Conflict) as error:
        return _page(None, None, told(error)), KINDS[type(error)].status
    return _published(policy, None)


def _do(typed: Typed, draft: tuning.Draft) -> ResponseReturnValue:
    """Do with what was typed as the button says. Raises InvalidInput, Conflict."""
    if field("do") == "preview":
        return _page(typed, draft)
    if field("do") == "shadow":
        return start(draft)
    policy = tuning.publish(web().runtime, current_user(), one_site().id, draft)
    return _published(policy, typed.pattern)


def _simulated(typed: Typed) -> ResponseReturnValue:
    """Answer the script that follows a line that is dragged: only what changes on the page."""
    site, found, errors = one_site(), None, typed.said
    evidence: Mapping[Label, str] = {}
    if not errors:
        try:
            look = tuning.Look(named_classifier(), _days(), draft_of(typed))
            found = tuning.try_draft(web().runtime, current_user(), site.id, look)
            evidence = _evidence(look, rejecting=typed.rejecting)
        except InvalidInput as error:
            errors = [told(error)]
    part = render_template(
        "dashboard/simulated.html",
        found=found,
        errors=errors,
        version=number("version"),
        evidence=evidence,
    )
    return part, KINDS[InvalidInput].status if errors else 200


def _advised(typed: Typed, asked: Asked) -> ResponseReturnValue:
    """Fill the form in with thresholds that do what was wished for."""
    if typed.rules and typed.rules.errors:
        return _page(typed, asked=asked), KINDS[InvalidInput].status
    try:
        look = tuning.Look(named_classifier(), _days(), beside_thresholds(typed))
        found = advising.advise(web().runtime, one_site().id, wish_of(asked), look)
    except InvalidInput as error:
        asked = replace(asked, error=told(error))
        return _page(typed, asked=asked), KINDS[InvalidInput].status
    return _proposed(typed, found.policy, found.reason, asked=asked, advice=found)


def _filled(typed: Typed, preset: Preset) -> Typed:
    return replace(typed, rules=typed.rules.filled(preset) if typed.rules else None)


def _carried(typed: Typed) -> ResponseReturnValue:
    """Fill the form in with what stands for the thresholds of another classifier."""
    if typed.rules and typed.rules.errors:
        return _page(typed), KINDS[InvalidInput].status
    try:
        found = carrying.propose(web().runtime, one_site().id, None, field("classifier", 100))
        found.check()
    except (InvalidInput, NotFound) as error:
        return _page(typed, None, told(error)), KINDS[type(error)].status
    return _proposed(typed, found.policy, found.reason)


def _proposed(
    typed: Typed,
    policy: Policy,
    reason: str,
    *,
    asked: Asked | None = None,
    advice: Advice | None = None,
) -> str:
    """Fill thresholds in, beside what they would do; what else was typed stays."""
    kept, reason = beside_thresholds(typed), in_words(reason)
    draft = replace(kept, thresholds=policy.thresholds, reason=reason, classifier=policy.classifier)
    return _page(filled_in(typed, policy, reason), draft, asked=asked, advice=advice)


def _published(policy: Policy, pattern: Pattern | None) -> ResponseReturnValue:
    flash(
        gettext(
            "Version %(version)s is in force for %(classifier)s. "
            "Comments that were decided before stay as they are.",
            version=policy.version,
            classifier=policy.classifier,
        )
    )
    back = url_for("dashboard.thresholds", classifier=named_classifier(), **in_address(pattern))
    return redirect(back, 303)


def _days() -> int | None:
    """Return which period was chosen; None where none was."""
    asked = field("days", 4)
    return next((one for one in simulation_words.CHOICES if str(one) == asked), None)


def _evidence(look: tuning.Look, *, rejecting: bool) -> Mapping[Label, str]:
    found = read_evidence(web().runtime, current_user(), one_site().id, look, named_pattern())
    return evidence_words.of_each(found, rejecting=rejecting)


def _page(
    typed: Typed | None,
    drafted: tuning.Draft | None = None,
    error: str | None = None,
    *,
    asked: Asked | None = None,
    advice: Advice | None = None,
) -> str:
    site = one_site()
    look = tuning.Look(named_classifier(), _days(), drafted)
    found = tuning.read_tuning(web().runtime, current_user(), site.id, look)
    numbers = None if drafted is None else drafted.thresholds
    fields = fields_of(found.current.policy, named_pattern(), numbers)
    rejecting = typed.rejecting if typed else fields.rejects
    return render_template(
        "dashboard/thresholds.html",
        tuning=found,
        fields=fields,
        rejecting=rejecting,
        typed=typed,
        drafted=drafted,
        rules=(typed and typed.rules) or rules_of(found.current.policy),
        error=error,
        evidence=_evidence(look, rejecting=rejecting),
        needed=NEEDED,
        sure=evidence_words.SURE_PERCENT,
        asked=asked,
        advice=advice,
        lacks_head=heads.lacks_score(found.current.policy, found.classifier, found.labels),
    )
