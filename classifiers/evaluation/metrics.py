"""Measures of scores against labels (0 or 1), from counts of how many comments have each score.

What has no value, as an AUC without positives, is NaN.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NORMAL_QUANTILE = 1.959963984540054
"""Of 97.5 %: 95 % lie between it and its negative."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a figure lies with 95 % confidence."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many."""

    count: int
    of: int

    @property
    def share(self) -> float:
        """The rate as a number from 0 to 1."""
        return self.count / self.of if self.of else nan

    @property
    def interval(self) -> Interval:
        """Wilson's interval (1927), which also holds for small numbers and shares near 0 and 1."""
        if not self.of:
            return Interval(nan, nan)
        weight = NORMAL_QUANTILE**2 / self.of
        middle = self.share + weight / 2
        reach = sqrt(weight * (self.share * (1 - self.share) + weight / 4))
        # Rounding must not carry an end past 0 or 1.
        low, high = (middle - reach) / (1 + weight), (middle + reach) / (1 + weight)
        return Interval(min(max(low, 0.0), self.share), max(min(high, 1.0), self.share))


@dataclass(frozen=True, slots=True)
class Confusion:
    """How predictions and labels agree."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def precision(self) -> Rate:
        """How many of those predicted positive are."""
        return Rate(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> Rate:
        """How many of the positives are found."""
        return Rate(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def false_positive_rate(self) -> Rate:
        """How many of the negatives are predicted positive."""
        return Rate(self.false_positives, self.false_positives + self.true_negatives)


def confusion(predicted: Bools, labels: Bools) -> Confusion:
    """Count predictions against labels."""
    return Confusion(
        int((predicted & labels).sum()),
        int((predicted & ~labels).sum()),
        int((~predicted & labels).sum()),
        int((~predicted & ~labels).sum()),
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many positives and negatives have each score, the highest score first.

    The counts are floats, because their products are larger than integers may be.
    """

    scores: Floats
    positives: Floats
    negatives: Floats

    def confusion(self, threshold: float) -> Confusion:
        """Count what a threshold does: a score of that much or more is predicted positive."""
        over = self.scores >= threshold
        found, false = self.positives[over].sum(), self.negatives[over].sum()
        missed, spared = self.positives.sum() - found, self.negatives.sum() - false
        return Confusion(int(found), int(false), int(missed), int(spared))


Statistic = Callable[[Tally], float]


def tally(scores: ArrayLike, labels: ArrayLike) -> Tally:
    """Count scores by their labels."""
    distinct, places = np.unique(np.asarray(scores, dtype=np.float64), return_inverse=True)
    positives = np.asarray(labels, dtype=np.float64)
    return Tally(
        distinct[::-1],
        weights_at(places, positives, len(distinct))[::-1],
        weights_at(places, 1 - positives, len(distinct))[::-1],
    )


def weights_at(places: NDArray[np.intp], weights: Floats, size: int) -> Floats:
    """Add up weights by place."""
    # Without any, numpy counts integers.
    return np.bincount(places, weights, size).astype(np.float64)


def roc_auc(counted: Tally) -> float:
    """Return how often a positive scores higher than a negative; ties count half."""
    positives, negatives = counted.positives.sum(), counted.negatives.sum()
    if not positives or not negatives:
        return nan
    below = negatives - np.cumsum(counted.negatives)
    won = counted.positives @ (below + counted.negatives / 2)
    return float(won / (positives * negatives))


def average_precision(counted: Tally) -> float:
    """Return the mean precision at each positive, nothing interpolated."""
    positives = counted.positives.sum()
    if not positives:
        return nan
    found = np.cumsum(counted.positives)
    predicted = found + np.cumsum(counted.negatives)
    # A resample may leave scores out, and before the first one nothing is predicted.
    precision = np.divide(found, predicted, out=np.zeros_like(found), where=predicted > 0)
    return float(counted.positives @ precision / positives)


def roc_curve(counted: Tally) -> tuple[Floats, Floats]:
    """Return false-positive rates and recalls of every threshold, from (0, 0) to (1, 1)."""
    return _shares(counted.negatives), _shares(counted.positives)


def precision_recall_curve(counted: Tally) -> tuple[Floats, Floats]:
    """Return recalls and precisions of every threshold that finds one positive more."""
    finds = counted.positives > 0
    found = np.cumsum(counted.positives)
    precision = found / (found + np.cumsum(counted.negatives))
    return found[finds] / found[-1], precision[finds]


def brier_score(scores: ArrayLike, labels: ArrayLike) -> float:
    """Return the mean squared distance of score and label (Brier 1950)."""
    distances = np.asarray(scores, dtype=np.float64) - np.asarray(labels, dtype=np.float64)
    return float(np.mean(distances**2)) if distances.size else nan


def _shares(counts: Floats) -> Floats:
    gathered = np.concatenate((np.zeros(1), np.cumsum(counts)))
    shares: Floats = gathered / gathered[-1]
    return shares
