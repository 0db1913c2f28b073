"""Advice: candidates for a policy, from strict to lenient, and what an operator may wish of one."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, log

from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput
from moderation.model.policy import Policy, Threshold
from moderation.model.verdicts import decide

ENOUGH_COMMENTS = 1_000
"""On fewer no advice is given: what comes on another day may be quite different."""

STEPS, STEP = 184, 0.05
"""Of candidates in each direction: up to a line of 0.0001, or 0.9999, for a line in the middle."""

LOWEST, HIGHEST, DIGITS = 0.0001, 0.9999, 4


class WishKind(StrEnum):
    """What an operator may ask for."""

    FLAGS = "flags"
    HOURS = "hours"
    MISSES = "misses"


BOUNDS = {
    WishKind.FLAGS: (1.0, 100_000.0),
    WishKind.HOURS: (0.1, 1_000.0),
    WishKind.MISSES: (0.001, 0.9),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """At most so many flags a day, so many hours of people a day, or such a share missed."""

    kind: WishKind
    amount: float

    def check(self) -> None:
        """Raise InvalidInput where nobody could mean it."""
        least, most = BOUNDS[self.kind]
        if not least <= self.amount <= most:
            raise InvalidInput(
                "Take a number from %(least)s to %(most)s.",
                least=self.said(least),
                most=self.said(most),
            )

    def said(self, amount: float) -> float:
        """Return an amount as people say it: shares in percent."""
        return 100 * amount if self.kind is WishKind.MISSES else amount


def candidates(policy: Policy) -> tuple[Policy, ...]:
    """Return policies from strict to lenient; the given one is in the middle.

    All lines that flag are moved by the same step on the scale of log-odds, on which a classifier
    adds up what speaks for a label: so what was chosen for one label against another stays. From
    where it rejects stays as it is, and nothing flags above that. Raises InvalidInput where nothing
    flags.
    """
    if all(one.flag is None for one in policy.thresholds.values()):
        raise InvalidInput("No label flags; give at least one a threshold first.")
    made: list[Policy] = []
    for step in range(-STEPS, STEPS + 1):
        lines = {label: _moved(one, step * STEP) for label, one in policy.thresholds.items()}
        if not made or lines != made[-1].thresholds:
            made.append(replace(policy, thresholds=lines))
    return tuple(made)


def strictest(
    under: Sequence[Policy], flagged: Callable[[Policy], float], most: float
) -> int | None:
    """Return which is the first of these, from the strictest on, that flags so much at most."""
    place = bisect_left(under, 1, key=lambda one: int(flagged(one) <= most))
    return place if place < len(under) else None


def stopped_by(facts: Facts, under: Sequence[Policy]) -> int:
    """Return how many of these do not approve a comment: it is the strictest ones."""
    return bisect_left(under, 1, key=lambda one: int(decide(facts, one).action is Action.APPROVE))


def _moved(threshold: Threshold, by: float) -> Threshold:
    if threshold.flag is None or not by:
        return threshold
    line = min(max(threshold.flag, LOWEST), HIGHEST)
    odds = log(line / (1.0 - line)) + by
    moved = round(min(max(1.0 / (1.0 + exp(-odds)), LOWEST), HIGHEST), DIGITS)
    # Neither the ends of the scale nor rounding may turn a line back.
    moved = max(moved, threshold.flag) if by > 0 else min(moved, threshold.flag)
    if threshold.reject is not None:
        moved = min(moved, threshold.reject)
    return replace(threshold, flag=moved)
