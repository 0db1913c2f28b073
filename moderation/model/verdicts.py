"""Verdicts: what a policy says about facts, and the one function that decides so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan

from moderation.model.classification import Facts
from moderation.model.decisions import BESIDE_SCORES, Action, Reason, ReasonKind
from moderation.model.labels import Label
from moderation.model.languages import UNDETERMINED, name_of
from moderation.model.policy import OtherLanguages, Policy
from moderation.model.policy_rules import on_lists, over_limits
from moderation.model.rules import reasons_to

UNSCORED_RISK = 1.0
"""Nobody knows what an unscored comment holds, so it is due at once."""

UNREAD_RISK = 0.5
"""What the classifier cannot read waits in the middle: neither before threats nor out of sight."""

HELD_RISK = 0.5
"""So does what a person or a rule of the policy holds, unless its scores press more."""

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

    @property
    def counts_for_cap(self) -> bool:
        """Say whether scores or rules of a policy reject it, and not a ban: a person said so."""
        kinds = {reason.kind for reason in self.reasons}
        return self.action is Action.REJECT and ReasonKind.AUTHOR_BANNED not in kinds


def decide(facts: Facts, policy: Policy) -> Verdict:
    """Apply rules and a policy to facts. Pure and total: what could not be judged is not approved.

    A rule that rejects goes before all else. What a person holds is flagged, whatever its scores
    say; what the policy's own rules flag is at least that, and is rejected where scores reject it:
    no rule makes a policy milder. Scores of a language that the classifier does not know reject
    nothing. Once the site's cap is reached nothing rejects but a ban.
    """
    if banned := reasons_to(Action.REJECT, facts.circumstances):
        return _verdict(Action.REJECT, banned)
    against = on_lists(facts, policy, Action.REJECT) + over_limits(facts, policy, Action.REJECT)
    if against and not facts.circumstances.spent:
        return _verdict(Action.REJECT, against)
    scoring = policy.for_scores_of(facts.classifier).at(facts.place)
    doubts = _doubts(facts, scoring)
    holding = _beyond_cap(against) + reasons_to(Action.FLAG, facts.circumstances)
    listed = on_lists(facts, policy, Action.FLAG)
    limited = over_limits(facts, policy, Action.FLAG)
    flagging = _over(facts, scoring, Action.FLAG)
    rejecting = _over(facts, scoring, Action.REJECT)
    if doubts or holding:
        over = flagging if doubts else flagging or rejecting
        return _verdict(Action.FLAG, doubts + holding + listed + limited + over)
    if rejecting and facts.supported:
        return _rejection(facts, scoring, rejecting, listed + limited)
    trusting = reasons_to(Action.APPROVE, facts.circumstances)
    over = flagging or rejecting
    if trusting and not listed and _can_be_lifted(flagging, rejecting):
        lifted = limited + flagging
        return Verdict(Action.APPROVE, trusting + lifted if lifted else (), risk=0.0)
    flagged = listed + (() if trusting else limited) + over
    return _verdict(Action.FLAG if flagged else Action.APPROVE, flagged)


def risk_of(reasons: Sequence[Reason]) -> float:
    """Return how far the worst label is over its line, 0 to 1.

    What the classifier cannot read has UNREAD_RISK, what a person or a rule holds HELD_RISK, and
    whatever else is no score UNSCORED_RISK.
    """
    return max((_risk(reason) for reason in reasons), default=0.0)


def risk_above(line: float, score: float) -> float:
    """Return how far a score is over a line."""
    return 1.0 if line >= 1.0 else (score - line) / (1.0 - line)


def _verdict(action: Action, reasons: tuple[Reason, ...]) -> Verdict:
    return Verdict(action, reasons, risk_of(reasons))


def _rejection(
    facts: Facts, policy: Policy, rejecting: tuple[Reason, ...], by_rules: tuple[Reason, ...]
) -> Verdict:
    """Return what becomes of a comment that scores would reject."""
    if not facts.circumstances.spent:
        return _verdict(Action.REJECT, rejecting)
    lines = {label: one.lowest for label, one in policy.thresholds.items()}
    return _verdict(Action.FLAG, (Reason(ReasonKind.CAP), *by_rules, *_reaching(facts, lines)))


def _beyond_cap(against: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Return why what rules would reject waits for a person."""
    return (Reason(ReasonKind.CAP), *against) if against else ()


def _can_be_lifted(flagging: tuple[Reason, ...], rejecting: tuple[Reason, ...]) -> bool:
    """Say whether trust lifts what scores say; not where they say too much."""
    is_grave = any(reason.label in GRAVE for reason in flagging)
    return not (rejecting or is_grave or risk_of(flagging) >= TRUSTED_RISK)


def _risk(reason: Reason) -> float:
    if reason.kind is ReasonKind.LANGUAGE:
        return UNREAD_RISK
    if reason.kind is ReasonKind.CAP:
        # The scores beside it say how much it presses.
        return 0.0
    if reason.kind in BESIDE_SCORES:
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
    return _reaching(facts, lines)


def _reaching(facts: Facts, lines: Mapping[Label, float | None]) -> tuple[Reason, ...]:
    return tuple(
        Reason(ReasonKind.LABEL, label=label, score=facts.scores[label], threshold=line)
        for label, line in lines.items()
        if line is not None and facts.scores.get(label, -1.0) >= line
    )
