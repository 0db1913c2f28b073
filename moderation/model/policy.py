"""Policies: numbered, immutable thresholds, and the one function that applies them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from math import isfinite, nan

from moderation.model.classification import Facts
from moderation.model.decisions import HOLDING, Action, Reason, ReasonKind
from moderation.model.ids import PolicyId, SiteId, UserId
from moderation.model.labels import Label
from moderation.model.languages import UNDETERMINED, name_of
from moderation.model.rules import reasons_to

UNSCORED_RISK = 1.0
"""Nobody knows what an unscored comment holds, so it is due at once."""


UNREAD_RISK = 0.5
"""What the classifier cannot read waits in the middle: neither before threats nor out of sight."""

HELD_RISK = 0.5
"""So does what a person holds, unless its scores press more."""

TRUSTED_RISK = 0.5
"""Trust lifts a flag below this risk: up to half the way from the threshold to 1."""

GRAVE = frozenset({Label.SEVERE_TOXICITY, Label.IDENTITY_ATTACK, Label.THREAT})
"""Labels that no trust lifts a flag of: what they name harms others, whoever wrote it."""


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
class Policy:
    """A set of thresholds, bound to the classifier version whose scores they were chosen for.

    `route` holds those for the classifier that comments in other languages are routed to.
    """

    classifier: str
    thresholds: Mapping[Label, Threshold]
    version: int = 0
    other_languages: OtherLanguages = OtherLanguages.FLAG
    route: "Policy | None" = None

    def __post_init__(self) -> None:
        if (self.other_languages is OtherLanguages.ROUTE) != (self.route is not None):
            raise ValueError("what is routed needs thresholds of its own, and nothing else does")
        if self.route is not None and self.route.classifier == self.classifier:
            raise ValueError("a route leads to another classifier")

    def moved_to(self, classifier: str) -> "Policy":
        """Return it for another classifier version.

        A route that leads there ends: that one judges everything now.
        """
        if self.route is None or self.route.classifier != classifier:
            return replace(self, classifier=classifier)
        return Policy(classifier, self.thresholds, self.version)

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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy says about some facts; `risk` (0 to 1) orders the queue."""

    action: Action
    reasons: tuple[Reason, ...]
    risk: float


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


def decide(facts: Facts, policy: Policy) -> Verdict:
    """Apply rules and a policy to facts. Pure and total: what could not be judged is not approved.

    A rule that rejects goes before all else, and one that flags before what scores say: a person
    said so. Scores of a language that the classifier does not know reject nothing.
    """
    policy = policy.for_scores_of(facts.classifier)
    if banning := reasons_to(Action.REJECT, facts.circumstances):
        return _verdict(Action.REJECT, banning)
    doubts = _doubts(facts, policy)
    holding = reasons_to(Action.FLAG, facts.circumstances)
    flagging = _over(facts, policy, Action.FLAG)
    rejecting = _over(facts, policy, Action.REJECT)
    if doubts or holding:
        over = flagging if doubts else flagging or rejecting
        return _verdict(Action.FLAG, doubts + holding + over)
    if rejecting and facts.supported:
        return _verdict(Action.REJECT, rejecting)
    if lifting := _lifting(facts, flagging, rejecting):
        return Verdict(Action.APPROVE, lifting + flagging, risk=0.0)
    if flagging or rejecting:
        return _verdict(Action.FLAG, flagging or rejecting)
    return _verdict(Action.APPROVE, ())


def risk_of(reasons: Sequence[Reason]) -> float:
    """Return how far the worst label is over its line, 0 to 1.

    What the classifier cannot read has UNREAD_RISK, what a person holds HELD_RISK, and whatever
    else is no score UNSCORED_RISK.
    """
    return max((_risk(reason) for reason in reasons), default=0.0)


def risk_above(line: float, score: float) -> float:
    """Return how far a score is over a line."""
    return 1.0 if line >= 1.0 else (score - line) / (1.0 - line)


def _verdict(action: Action, reasons: tuple[Reason, ...]) -> Verdict:
    return Verdict(action, reasons, risk_of(reasons))


def _lifting(
    facts: Facts, flagging: tuple[Reason, ...], rejecting: tuple[Reason, ...]
) -> tuple[Reason, ...]:
    """Return the reasons to approve what scores flag; none where these say too much."""
    is_grave = any(reason.label in GRAVE for reason in flagging)
    if not flagging or rejecting or is_grave or risk_of(flagging) >= TRUSTED_RISK:
        return ()
    return reasons_to(Action.APPROVE, facts.circumstances)


def _risk(reason: Reason) -> float:
    if reason.kind is ReasonKind.LANGUAGE:
        return UNREAD_RISK
    if reason.kind in HOLDING:
        return HELD_RISK
    if reason.score is None or reason.threshold is None:
        return UNSCORED_RISK
    return risk_above(reason.threshold, reason.score)


def _doubts(facts: Facts, policy: Policy) -> tuple[Reason, ...]:
    if facts.failure is not None:
        return (Reason(ReasonKind.FAILURE, detail=facts.failure),)
    if doubt := _language_doubt(facts, policy):
        return (Reason(ReasonKind.LANGUAGE, detail=doubt),)
    if facts.classifier != policy.classifier:
        detail = f"scored by {facts.classifier}, thresholds are for {policy.classifier}"
        return (Reason(ReasonKind.OTHER_CLASSIFIER, detail=detail),)
    return tuple(
        Reason(ReasonKind.UNSCORED, label=label)
        for label, threshold in policy.thresholds.items()
        if threshold.lowest is not None and not isfinite(facts.scores.get(label, nan))
    )


def _language_doubt(facts: Facts, policy: Policy) -> str | None:
    if facts.supported or policy.other_languages is OtherLanguages.APPROVE:
        return None if facts.readable else "the classifier cannot read all of this"
    return f"language not supported: {name_of(facts.language or UNDETERMINED)}"


def _over(facts: Facts, policy: Policy, action: Action) -> tuple[Reason, ...]:
    lines = {
        label: threshold.reject if action is Action.REJECT else threshold.flag
        for label, threshold in policy.thresholds.items()
    }
    return tuple(
        Reason(ReasonKind.LABEL, label=label, score=facts.scores[label], threshold=line)
        for label, line in lines.items()
        if line is not None and facts.scores.get(label, -1.0) >= line
    )
