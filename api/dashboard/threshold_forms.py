"""The form of the thresholds page: what was typed, what is wrong with it, and what it drafts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import request

from api.dashboard.forms import field, number
from api.dashboard.languages import gettext, noted
from api.dashboard.placed import named_pattern, never
from api.dashboard.rule_forms import TypedRules, read_rules
from api.dashboard.words import LABELS
from moderation.model.labels import Label
from moderation.model.places import Pattern
from moderation.model.policy import OtherLanguages, Policy, Threshold
from moderation.services import tuning

# What the model says of thresholds, for the catalogs.
noted("a threshold lies above 0 and is at most 1")
noted("a label must not reject below the score at which it flags")
SIDES = ("flag", "reject")
WRITE_A_NUMBER = noted("write a number such as 0.8, or nothing")


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form held, as it was typed, and what is wrong with it."""

    numbers: Mapping[str, str]
    reason: str
    rejecting: bool
    other_languages: OtherLanguages | None
    errors: Mapping[Label, str]
    pattern: Pattern | None = None
    rules: TypedRules | None = None

    @property
    def said(self) -> list[str]:
        """All that is wrong."""
        return [*self.errors.values(), *(self.rules.errors if self.rules else ())]


def named_classifier() -> str | None:
    """Return the classifier version that the address or the form names."""
    return field("classifier", 100) or None


def draft_of(typed: Typed) -> tuning.Draft:
    """Return the policy that was typed. Raises ValueError where `typed` has errors."""
    return replace(beside_thresholds(typed), thresholds=_drafted(typed))


def beside_thresholds(typed: Typed) -> tuning.Draft:
    """Return what was typed but the thresholds. Raises ValueError where the rules have errors."""
    return tuning.Draft(
        {},
        typed.reason,
        number("seen"),
        typed.other_languages,
        named_classifier(),
        typed.pattern,
        limits=typed.rules.drafted_limits() if typed.rules else None,
        word_lists=typed.rules.drafted_lists() if typed.rules else None,
    )


def filled_in(typed: Typed, policy: Policy, reason: str) -> Typed:
    """Return the form as if somebody had typed the thresholds of this policy into it."""
    lines = [
        (f"{action}_{label}", line)
        for label, one in policy.thresholds.items()
        for action, line in (("flag", one.flag), ("reject", one.reject))
    ]
    numbers = {name: "" if line is None else f"{line:g}" for name, line in lines}
    rejecting = any(one.reject is not None for one in policy.thresholds.values())
    return replace(typed, numbers=numbers, reason=reason, rejecting=rejecting, errors={})


def read_form() -> Typed:
    """Return what the form holds."""
    numbers = {
        name: field(name, 20) for name in request.form if name.startswith(("flag_", "reject_"))
    }
    rejecting = bool(request.form.get("rejecting"))
    wrong = {}
    for label in Label:
        try:
            _threshold(label, rejecting=rejecting)
        except ValueError as error:
            wrong[label] = f"{_capital(LABELS[label])}: {gettext(str(error))}."
    reason, elsewhere = field("reason"), _other_languages()
    pattern = named_pattern()
    # Rules are the same everywhere: the page of a place does not have them.
    rules = None if pattern else read_rules()
    return Typed(numbers, reason, rejecting, elsewhere, wrong, pattern, rules)


def _drafted(typed: Typed) -> dict[Label, Threshold]:
    """Return a threshold for each label of the form; of a place for those with a number."""
    offered = [label for label in Label if f"flag_{label}" in request.form]
    return {
        label: _threshold(label, rejecting=typed.rejecting)
        for label in offered
        if typed.pattern is None or any(field(f"{side}_{label}", 20) for side in SIDES)
    }


def _other_languages() -> OtherLanguages | None:
    given = field("other_languages", 20)
    return OtherLanguages(given) if given in set(OtherLanguages) else None


def _threshold(label: Label, *, rejecting: bool) -> Threshold:
    flag, reject = SIDES
    return Threshold(_score(flag, label), _score(reject, label) if rejecting else None)


def _score(side: str, label: Label) -> float | None:
    """Return a number of the form; of a place's empty field the one that its page shows there."""
    shown = field(f"as_{side}_{label}", 20)
    typed = (field(f"{side}_{label}", 20) or shown).replace(",", ".")
    if typed.casefold() in {"", never().casefold()}:
        return None
    try:
        return float(typed)
    except ValueError:
        raise ValueError(WRITE_A_NUMBER) from None


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
