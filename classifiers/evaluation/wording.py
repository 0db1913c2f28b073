"""Figures as people read them, the same on the terminal and in the report."""

from math import isnan

from classifiers.evaluation.evaluating import Estimate
from classifiers.evaluation.metrics import Rate

NOTHING = "\N{EN DASH}"
"""Stands where a figure has no value."""


def number(value: float) -> str:
    """Return a number from 0 to 1 with three digits."""
    return NOTHING if isnan(value) else f"{value:.3f}"


def estimate(found: Estimate) -> str:
    """Return a figure with its interval, as in `0.970 (0.961 to 0.978)`."""
    if isnan(found.value):
        return NOTHING
    interval = found.interval
    if isnan(interval.low):
        return number(found.value)
    return f"{number(found.value)} ({number(interval.low)} to {number(interval.high)})"


def percent(share: float) -> str:
    """Return a share without the sign: small ones with two digits that count."""
    value = 100 * share
    digits = sum(0 < value < limit for limit in (1, 10)) or int(99 < value < 100)  # noqa: PLR2004
    return f"{value:.{digits}f}"


def rate(found: Rate) -> str:
    """Return a rate with its interval, as in `76 % (72 to 79)`."""
    if not found.of:
        return NOTHING
    low, high = found.interval.low, found.interval.high
    return f"{percent(found.share)} % ({percent(low)} to {percent(high)})"
