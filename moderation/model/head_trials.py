"""Trials of a head: what it would do beside the policy in force, on decisions it never learnt.

Both sides are judged by `decide`. A head is offered only where it flags fewer comments for nothing
beyond chance, and where it is sure that hardly any is missed that is found now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from math import ceil, floor, inf, sqrt
from typing import Any

from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.learning import Judged
from moderation.model.policy import Policy, Threshold
from moderation.model.proportions import Proportion
from moderation.model.sign_test import chance_of
from moderation.model.verdicts import GRAVE, decide

CHANCE = 0.05
"""So seldom chance alone may have a head offered."""

SLIPS = 0.05
"""Of what is found now, a line may miss so much: some of it moderators rejected by a slip.

To find that too, a line would have to flag all that looks like it.
"""

MISS_COUNTS = 5
"""One that is missed counts like so many that are flagged for nothing."""

MOST_LOST = 0.1
"""The most of what is found now that a head may miss, at the upper end of the interval."""

NORMAL = 1.959963984540054
"""Of a normal distribution, 95 % lies within so many standard deviations."""

_STEPS = 1_000
"""Lines are rounded down to three digits."""

_DRAWN = 20
"""Lines of the curve."""


class Finding(StrEnum):
    """What came of a trial."""

    BETTER = "better"
    NOT_FEWER = "not-fewer"
    """It flags no fewer for nothing, or only by chance."""
    MAY_MISS = "may-miss"
    """It misses some that are found now, or they were too few to tell."""


@dataclass(frozen=True, slots=True)
class Point:
    """What the head's policy does with another line: shares of what people did."""

    line: float
    found: float
    false: float


@dataclass(frozen=True, slots=True)
class Trial:
    """The newest decisions, under the policy in force and with the head's line `line`.

    `fewer` were approved by people and are flagged only now, `more` would only be flagged then.
    `lost` were rejected by people and are found only now, `gained` would only be found then.
    """

    policy_version: int
    line: float
    approved: int
    rejected: int
    false_now: int
    false_then: int
    found_now: int
    found_then: int
    fewer: int
    more: int
    lost: int
    gained: int
    curve: tuple[Point, ...] = ()

    @property
    def chance(self) -> float:
        """How likely as clear a difference is where there is none: the exact sign test."""
        return chance_of(self.fewer, self.more)

    @property
    def false_fall(self) -> tuple[float, float, float]:
        """By which share of what people approve false flags fall; and the interval of 95 %.

        That of a difference on the same comments: Agresti and Min (2005), with half a comment more
        of each kind.
        """
        if not self.approved:
            return 0.0, -1.0, 1.0
        fewer, more, of = self.fewer + 0.5, self.more + 0.5, self.approved + 2
        middle = (fewer - more) / of
        reach = NORMAL * sqrt(fewer + more - (fewer - more) ** 2 / of) / of
        share = (self.fewer - self.more) / self.approved
        return share, max(middle - reach, -1.0), min(middle + reach, 1.0)

    @property
    def loss(self) -> Proportion:
        """How much of what is found now would be missed."""
        return Proportion(self.lost, self.found_now)

    @property
    def finding(self) -> Finding:
        """Say whether it may be offered."""
        if self.fewer <= self.more or self.chance > CHANCE:
            return Finding.NOT_FEWER
        if self.loss.high > MOST_LOST:
            return Finding.MAY_MISS
        return Finding.BETTER

    def to_json(self) -> dict[str, Any]:
        """Return what is stored of it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Trial":
        """Read what was stored."""
        return cls(**{**stored, "curve": tuple(Point(**one) for one in stored["curve"])})


def with_head(policy: Policy, line: float | None) -> Policy:
    """Return the policy that is proposed: the head flags, and what is grave flags as before.

    Lines from which other labels flag are lifted. Those from which they reject stay.
    """
    kept = {
        label: one if label in GRAVE else Threshold(None, one.reject)
        for label, one in policy.thresholds.items()
        if label is not Label.UNWANTED
    }
    added = {} if line is None else {Label.UNWANTED: Threshold(flag=line)}
    return replace(policy, thresholds=kept | added)


def scored(judged: Sequence[Judged], scores: Iterable[float | None]) -> list[Judged]:
    """Return decisions with what a head says of their texts."""
    return [_scored(one, score) for one, score in zip(judged, scores, strict=True)]


def line_for(judged: Sequence[Judged], policy: Policy) -> float:
    """Return the line at which a head does best, and finds what is found now, but for SLIPS.

    Of lines that do as well the lowest; it lies midway between two scores, for those to come.
    """
    now = sum(one.rejected and _stops(policy, one) for one in judged)
    without = with_head(policy, None)
    alone = [one for one in judged if not _stops(without, one)]
    left = sum(one.rejected for one in alone)
    most = left - max(ceil((1 - SLIPS) * now) - (_rejected(judged) - left), 0)
    line, least, false = 1.0, inf, 0
    ordered = sorted(alone, key=_score, reverse=True)
    for one, after in zip_longest(ordered, ordered[1:]):
        left, false = left - one.rejected, false + (not one.rejected)
        below = 0.0 if after is None else _score(after)
        cost = false + MISS_COUNTS * left
        if below < _score(one) and left <= most and cost <= least:
            line, least = (_score(one) + below) / 2, cost
    return max(floor(line * _STEPS), 1) / _STEPS


def _rejected(judged: Sequence[Judged]) -> int:
    return sum(one.rejected for one in judged)


def trial_of(newest: Sequence[Judged], policy: Policy, line: float) -> Trial:
    """Compare the policy in force with that of the head, on decisions it never learnt from."""
    then = with_head(policy, line)
    now_then = [(one.rejected, _stops(policy, one), _stops(then, one)) for one in newest]
    return Trial(
        policy_version=policy.version,
        line=line,
        approved=sum(not rejected for rejected, _, _ in now_then),
        rejected=sum(rejected for rejected, _, _ in now_then),
        false_now=sum(now for rejected, now, _ in now_then if not rejected),
        false_then=sum(later for rejected, _, later in now_then if not rejected),
        found_now=sum(now for rejected, now, _ in now_then if rejected),
        found_then=sum(later for rejected, _, later in now_then if rejected),
        fewer=now_then.count((False, True, False)),
        more=now_then.count((False, False, True)),
        lost=now_then.count((True, True, False)),
        gained=now_then.count((True, False, True)),
        curve=_curve(newest, policy),
    )


def _curve(newest: Sequence[Judged], policy: Policy) -> tuple[Point, ...]:
    points = []
    for step in range(1, _DRAWN):
        line = step / _DRAWN
        then = with_head(policy, line)
        stopped = [(one.rejected, _stops(then, one)) for one in newest]
        found = Proportion(stopped.count((True, True)), sum(rejected for rejected, _ in stopped))
        false = Proportion(
            stopped.count((False, True)), sum(not rejected for rejected, _ in stopped)
        )
        points.append(Point(line, found.share or 0.0, false.share or 0.0))
    return tuple(points)


def _stops(policy: Policy, one: Judged) -> bool:
    return decide(one.facts, policy).action is not Action.APPROVE


def _score(one: Judged) -> float:
    return one.facts.scores.get(Label.UNWANTED, 0.0)


def _scored(one: Judged, score: float | None) -> Judged:
    scores = {label: s for label, s in one.facts.scores.items() if label is not Label.UNWANTED}
    added = {} if score is None else {Label.UNWANTED: score}
    return replace(one, facts=replace(one.facts, scores=scores | added))
