"""The thresholds page for one place: which one it is, and what stands in its fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.dashboard.forms import choice, field
from api.dashboard.languages import noted, pgettext
from moderation.model.errors import InvalidInput
from moderation.model.labels import Label
from moderation.model.overrides import own
from moderation.model.places import LONGEST_NAME, Pattern, PlaceKind
from moderation.model.policy import Policy, Threshold

# What the model says of places, for the catalogs.
noted("A section or a thread is named in 1 to 255 characters.")
noted("At most 50 places can have thresholds of their own.")
noted("Of two places that fit the same names, the narrower one comes first.")
noted("A place needs a threshold of its own, or it is as everywhere.")

NO_LINE = Threshold()


@dataclass(frozen=True, slots=True)
class Fields:
    """What the fields of the page hold: all numbers of everywhere, or those of a place alone.

    `is_kept` says that the place has thresholds of its own in the policy in force.
    """

    everywhere: Mapping[Label, Threshold]
    own: Mapping[Label, Threshold]
    pattern: Pattern | None
    is_kept: bool

    def value(self, side: str, label: Label) -> str:
        """Return what stands in a field: nothing where a place is as everywhere."""
        if label not in self.own:
            return ""
        return _written(self.own[label], side) or (never() if self.inherited(side, label) else "")

    def inherited(self, side: str, label: Label) -> str:
        """Return the number of everywhere that counts in a place where its field is empty."""
        if self.pattern is None:
            return ""
        return _written(self.everywhere.get(label, NO_LINE), side)

    def placeholder(self, side: str, label: Label) -> str:
        """Say what an empty field means."""
        off = never() if side == "flag" else pgettext("threshold", "off")
        return self.inherited(side, label) or off

    @property
    def rejects(self) -> bool:
        """Say whether anything is rejected by itself, here or everywhere."""
        several = (*self.everywhere.values(), *self.own.values())
        return any(one.reject is not None for one in several)

    def counting(self, label: Label) -> Threshold:
        """Return what counts for a label."""
        return self.own.get(label, self.everywhere.get(label, NO_LINE))


def fields_of(
    policy: Policy, pattern: Pattern | None, drafted: Mapping[Label, Threshold] | None
) -> Fields:
    """Return the fields of everywhere or of a place, filled with a draft if there is one."""
    if pattern is None:
        numbers = policy.thresholds if drafted is None else drafted
        return Fields(numbers, numbers, None, is_kept=True)
    kept = own(policy, pattern)
    numbers = drafted if drafted is not None else kept.thresholds if kept else {}
    return Fields(policy.thresholds, numbers, pattern, is_kept=kept is not None)


def named_pattern() -> Pattern | None:
    """Return the place that the address or the form names; None: everywhere.

    Raises InvalidInput.
    """
    name = field("pattern", LONGEST_NAME)
    if not name:
        return None
    try:
        return Pattern(choice(PlaceKind, "kind"), name)
    except ValueError as error:
        raise InvalidInput(str(error)) from None


def in_address(pattern: Pattern | None) -> dict[str, Any]:
    """Return what an address of the page carries of a place."""
    return {} if pattern is None else {"kind": pattern.kind, "pattern": pattern.name}


def never() -> str:
    """Return the word that a label flags nothing by, in a place where it would as everywhere."""
    return pgettext("threshold", "never")


def _written(threshold: Threshold, side: str) -> str:
    number = threshold.flag if side == "flag" else threshold.reject
    return "" if number is None else f"{number:g}"
