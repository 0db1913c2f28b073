"""Correlation of ranks: whether two classifiers put the same comments into the same order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, isclose, nan, sqrt, tanh
from operator import mul
from statistics import NormalDist

from moderation.model.translation import CONFIDENCE

_QUANTILE = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
_LEAST = 4
"""With three there are no degrees of freedom left."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """Spearman's correlation, -1 to 1, between `low` and `high` with 95 % confidence.

    NaN is what cannot be known: where all scores of a side are equal, or there are few.
    """

    value: float
    low: float = nan
    high: float = nan


def rank_correlation(old: Sequence[float], new: Sequence[float]) -> Correlation:
    """Return how far two orders are the same; what ties shares its mean rank.

    The interval is Bonett and Wright's (2000).
    """
    if len(set(old)) < 2 or len(set(new)) < 2:  # noqa: PLR2004 - an order takes two
        return Correlation(nan)
    value = _product_moment(_distances(old), _distances(new))
    if len(old) < _LEAST or isclose(abs(value), 1):
        return Correlation(value)
    reach = _QUANTILE * sqrt((1 + value**2 / 2) / (len(old) - 3))
    return Correlation(value, tanh(atanh(value) - reach), tanh(atanh(value) + reach))


def _distances(scores: Sequence[float]) -> list[float]:
    """Return how far each rank lies from the middle one, in half ranks: whole numbers, so exact."""
    below, found = 0, {}
    for score, count in sorted(Counter(scores).items()):
        found[score] = float(2 * below + count - len(scores))
        below += count
    return [found[score] for score in scores]


def _product_moment(old: Sequence[float], new: Sequence[float]) -> float:
    together: float = sum(map(mul, old, new))
    return together / sqrt(sum(map(mul, old, old)) * sum(map(mul, new, new)))
