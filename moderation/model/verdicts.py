"""Verdicts: what a policy says about facts, and the one function that decides so."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan

from moderation.model.classification import Facts
from moderation.model.decisions import HOLDING, Action, Reason, ReasonKind
from moderation.model.labels import Label
from moderation.model.languages import UNDETERMINED, name_of
from moderation.model.policy import OtherLanguages, Policy
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
class Verdict:
    """What a policy says about some facts; `risk` (0 to 1) orders the queue."""

    action: Action
    reasons: tuple[Reason, ...]
    risk: float


def decide(facts: Facts, policy: Policy) -> Verdict:
    """Apply rules and a policy to facts. Pure and total: what could not be judged is not approved.

    A rule that rejects goes before all else, and one that flags before what scores say: a person
    said so. Scores of a language that the classifier does not know reject nothing.
    """
    policy = policy.for_scores_of(facts.classifier).at(facts.place)
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
