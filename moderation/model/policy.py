"""Policies: numbered, immutable sets of thresholds; `model.verdicts` applies them to facts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from moderation.model.decisions import Action
from moderation.model.ids import PolicyId, SiteId, UserId
from moderation.model.labels import Label
from moderation.model.measures import Limit, Measure, check_limits
from moderation.model.places import Pattern, Place, check_patterns
from moderation.model.word_lists import WordList, check_lists


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which score a label flags, and from which it rejects; None: never."""

    flag: float | None = None
    reject: float | None = None

    def __post_init__(self) -> None:
        for value in (self.flag, self.reject):
            if value is not None and not 0.0 < value <= 1.0:
                raise ValueError("a threshold lies above 0 and is at most 1")
        if self.flag is not None and self.reject is not None and self.reject < self.flag:
            raise ValueError("a label must not reject below the score at which it flags")

    @property
    def lowest(self) -> float | None:
        """The score from which this label keeps a comment from being approved."""
        return self.flag if self.flag is not None else self.reject


class OtherLanguages(StrEnum):
    """What becomes of a comment that is surely in a language that the classifier does not know."""

    FLAG = "flag"
    APPROVE = "approve"
    ROUTE = "route"


@dataclass(frozen=True, slots=True)
class Override:
    """Other thresholds in one place, for the labels that it names."""

    pattern: Pattern
    thresholds: Mapping[Label, Threshold]

    def __post_init__(self) -> None:
        if not self.thresholds:
            raise ValueError("A place needs a threshold of its own, or it is as everywhere.")


@dataclass(frozen=True, slots=True)
class Policy:
    """A set of thresholds, bound to the classifier version whose scores they were chosen for.

    `route` holds those for the classifier that comments in other languages are routed to. Of
    `overrides` the first whose pattern fits counts; a route has none. Limits and word lists are the
    same for all scores and places.
    """

    classifier: str
    thresholds: Mapping[Label, Threshold]
    version: int = 0
    other_languages: OtherLanguages = OtherLanguages.FLAG
    route: "Policy | None" = None
    overrides: tuple[Override, ...] = ()
    limits: Mapping[Measure, Limit] = field(default_factory=dict)
    word_lists: tuple[WordList, ...] = ()

    def __post_init__(self) -> None:
        if (self.other_languages is OtherLanguages.ROUTE) != (self.route is not None):
            raise ValueError("what is routed needs thresholds of its own, and nothing else does")
        if self.route is not None and self.route.classifier == self.classifier:
            raise ValueError("a route leads to another classifier")
        if self.route is not None and self.route.overrides:
            raise ValueError("A route has the same thresholds in all places.")
        check_patterns(self.patterns)
        check_limits(self.limits)
        check_lists(self.word_lists)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The places that have thresholds of their own."""
        return tuple(override.pattern for override in self.overrides)

    def moved_to(self, classifier: str) -> "Policy":
        """Return it for another classifier version.

        A route that leads there ends: that one judges everything now. So do overrides, whose
        numbers nobody chose for it.
        """
        if classifier == self.classifier:
            return self
        if self.route is None or self.route.classifier != classifier:
            return replace(self, classifier=classifier, overrides=())
        flag = OtherLanguages.FLAG
        return replace(self, classifier=classifier, other_languages=flag, route=None, overrides=())

    def does_as(self, other: "Policy") -> bool:
        """Say whether another version decides all in the same way."""
        return replace(self, version=other.version) == other

    def override_at(self, place: Place) -> Override | None:
        """Return whose thresholds count in a place; None: those of everywhere."""
        return next((one for one in self.overrides if one.pattern.fits(place)), None)

    def at(self, place: Place) -> "Policy":
        """Return what counts in a place."""
        override = self.override_at(place)
        return self if override is None else self.under(override)

    def under(self, override: Override) -> "Policy":
        """Return what counts under an override."""
        return replace(self, thresholds={**self.thresholds, **override.thresholds}, overrides=())

    @property
    def rejects(self) -> bool:
        """Say whether scores, a limit or a word list may reject a comment."""
        everywhere = (self.thresholds, *(one.thresholds for one in self.overrides))
        own = any(line.reject is not None for lines in everywhere for line in lines.values())
        by_rules = {one.action for one in self.limits.values()}
        by_rules |= {one.action for one in self.word_lists}
        return own or Action.REJECT in by_rules or (self.route is not None and self.route.rejects)

    def for_scores_of(self, classifier: str | None) -> "Policy":
        """Return the thresholds that judge the scores of this classifier version."""
        if self.route is not None and self.route.classifier == classifier:
            return self.route
        return self


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """One immutable version of a site's policy, with who published it and why."""

    id: PolicyId
    site_id: SiteId
    policy: Policy
    author_id: UserId | None
    author_name: str | None
    reason: str
    published_at: datetime


FIRST_THRESHOLDS: Mapping[Label, Threshold] = {
    Label.TOXICITY: Threshold(flag=0.85),
    Label.SEVERE_TOXICITY: Threshold(flag=0.5),
    Label.INSULT: Threshold(flag=0.8),
    Label.IDENTITY_ATTACK: Threshold(flag=0.7),
    Label.THREAT: Threshold(flag=0.7),
    Label.OBSCENE: Threshold(),
}
"""What a new site starts with: it flags for people, and rejects nothing by itself.

docs/tuning.md says how the numbers were chosen and what they do to ordinary traffic.
"""


def first_policy(classifier: str, labels: Collection[Label] = tuple(Label)) -> Policy:
    """Return the policy of a new site, bound to this classifier version, which scores these labels.

    Where it scores none that has a line, all are asked for, so that it flags everything.
    """
    scored = {label: lines for label, lines in FIRST_THRESHOLDS.items() if label in labels}
    decides = any(lines.lowest is not None for lines in scored.values())
    return Policy(classifier=classifier, thresholds=scored if decides else FIRST_THRESHOLDS)
