"""Usual days: between which numbers a day's count lies, as days have differed so far."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, variance

LEAST_DAYS = 10
"""Of fewer nobody can tell how much days differ."""

_Z = 1.959963984540054
"""Of a normal distribution, 95 % lies within so many standard deviations."""


def usual_range(counts: Sequence[int], mean: float) -> tuple[float, float] | None:
    """Return between which numbers 19 of 20 days lie that have this mean; None: nobody knows.

    Days differ by more than chance alone would have it, since one heated thread flags many. How
    much more is told from the days that were, relative to their mean (as of a negative binomial
    distribution), and holds for days with more or less of the same.
    """
    if len(counts) < LEAST_DAYS or not any(counts):
        return None
    usual = fmean(counts)
    beyond_chance = max(variance(counts) - usual, 0.0) / usual**2
    half = _Z * sqrt(mean + beyond_chance * mean**2)
    return max(mean - half, 0.0), mean + half
