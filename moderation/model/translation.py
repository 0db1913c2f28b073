"""Translating thresholds: which score of one classifier stands for a threshold of another.

Both have scored the same comments. A score flags at or above a threshold.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import exp, lgamma, log

from moderation.model.errors import InvalidInput

CONFIDENCE = 0.95
FEW = 50
"""Below so many flagged comments a translation is no more than a hint."""

_NEGLIGIBLE = 1e-12


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many comments both classifiers flag, only one of them, or neither."""

    both: int
    only_old: int
    only_new: int
    neither: int

    @property
    def flagged_now(self) -> int:
        """How many the new scores flag."""
        return self.both + self.only_new

    @property
    def agreement(self) -> float:
        """The share of comments about which they agree, 0 to 1."""
        agreed = self.both + self.neither
        return agreed / (agreed + self.only_old + self.only_new)

    @property
    def positive_agreement(self) -> float:
        """How far the flagged comments are the same ones, 0 to 1; 1 if neither flags any.

        Positive agreement (Cicchetti and Feinstein 1990), which is F1 with the old flags as truth.
        """
        flags = 2 * self.both + self.only_old + self.only_new
        return 2 * self.both / flags if flags else 1.0


@dataclass(frozen=True, slots=True)
class Translation:
    """What stands for a threshold of the old scores.

    `threshold` flags as many comments by the new scores; `low` and `high` hold it with 95 %
    confidence. `best_threshold` flags the same comments as far as any does. Both are None where the
    old scores flag nothing: then only `low` is known.
    """

    threshold: float | None
    low: float
    high: float
    overlap: Overlap
    best_threshold: float | None
    best_overlap: Overlap

    @property
    def comments(self) -> int:
        """How many comments both have scored."""
        found = self.overlap
        return found.both + found.only_old + found.only_new + found.neither

    @property
    def flagged(self) -> int:
        """How many of them the old scores flag."""
        return self.overlap.both + self.overlap.only_old

    @property
    def share(self) -> float:
        """The share that the old scores flag, 0 to 1."""
        return self.flagged / self.comments

    @property
    def agreement(self) -> float:
        """The share of comments about which both agree at `threshold`, 0 to 1."""
        return self.overlap.agreement

    @property
    def few(self) -> bool:
        """Whether it rests on too few flagged comments."""
        return self.flagged < FEW


@dataclass(frozen=True, slots=True)
class _Step:
    """A threshold that some new score is; None: above all of them."""

    threshold: float | None
    overlap: Overlap

    @property
    def flagged(self) -> int:
        return self.overlap.both + self.overlap.only_new

    @property
    def chance_of_fewer(self) -> float:
        """How likely chance alone makes it flag so many fewer than the old scores do."""
        return _chance(self.overlap.only_old, self.overlap.only_new)

    @property
    def chance_of_more(self) -> float:
        """How likely chance alone makes it flag so many more than the old scores do."""
        return _chance(self.overlap.only_new, self.overlap.only_old)


def translate(old: Sequence[float], new: Sequence[float], threshold: float) -> Translation:
    """Carry a threshold of the old scores over to the new ones, pair by pair of one comment each.

    Equipercentile linking: the new threshold is the n-th highest new score, where n comments are
    flagged by the old. Comments that tie with it are flagged, too: rather one more than one
    overlooked. If all are flagged, it is the lowest new score.

    The interval holds every threshold that McNemar's exact test (1947) does not tell from one that
    flags as many: it takes no distribution for granted. It ends at 0 or 1 where the comments set no
    bound.

    `best_threshold` has the highest positive agreement, and among equals flags least. It is not
    Cohen's kappa, because that moves with the number of comments that neither flags.

    Raises InvalidInput for scores that do not pair or do not lie between 0 and 1, and for none.
    """
    _check(old, new, threshold)
    steps = _steps(old, new, threshold)
    flagged = sum(score >= threshold for score in old)
    same = steps[bisect_left(steps, flagged, key=lambda step: step.flagged)]
    best = max(steps, key=lambda step: step.overlap.positive_agreement)
    low, high = _interval(steps)
    return Translation(same.threshold, low, high, same.overlap, best.threshold, best.overlap)


def _check(old: Sequence[float], new: Sequence[float], threshold: float) -> None:
    if len(old) != len(new):
        raise InvalidInput(f"There are {len(old):,} old scores and {len(new):,} new ones.")
    if not old:
        raise InvalidInput("There are no scores.")
    if not all(0.0 <= value <= 1.0 for value in chain(old, new, (threshold,))):
        raise InvalidInput("Scores and thresholds lie between 0 and 1.")


def _steps(old: Sequence[float], new: Sequence[float], threshold: float) -> list[_Step]:
    """Return every threshold that makes a difference, the highest first."""
    comments = Counter(new)
    shared = Counter(after for before, after in zip(old, new, strict=True) if before >= threshold)
    only_old, neither = shared.total(), len(new) - shared.total()
    both = only_new = 0
    steps = [_Step(None, Overlap(both, only_old, only_new, neither))]
    for score in sorted(comments, reverse=True):
        both, only_old = both + shared[score], only_old - shared[score]
        others = comments[score] - shared[score]
        only_new, neither = only_new + others, neither - others
        steps.append(_Step(score, Overlap(both, only_old, only_new, neither)))
    return steps


def _interval(steps: Sequence[_Step]) -> tuple[float, float]:
    """Return between which thresholds the flags may be equally many, for all that is seen.

    The further down a step, the surer it does not flag too few, and the less sure not too many.
    """
    tail = (1 - CONFIDENCE) / 2
    enough = bisect_left(steps, True, key=lambda step: step.chance_of_fewer > tail)  # noqa: FBT003
    too_many = bisect_left(steps, True, key=lambda step: step.chance_of_more <= tail)  # noqa: FBT003
    high = steps[enough].threshold
    # Down to the first step that flags too many, everything flags as the step above it does.
    low = steps[too_many].threshold if too_many < len(steps) else None
    return 0.0 if low is None else low, 1.0 if high is None else high


def _chance(heads: int, tails: int) -> float:
    """Return how likely a fair coin shows so many heads or more; 1 where half of them are tails."""
    throws = heads + tails
    if heads <= tails:
        return 1.0
    term = exp(lgamma(throws + 1) - lgamma(heads + 1) - lgamma(tails + 1) - throws * log(2))
    total = term
    while tails and term > total * _NEGLIGIBLE:
        heads, tails = heads + 1, tails - 1
        term *= (tails + 1) / heads
        total += term
    return total
