"""Estimated amounts with intervals of 95 %, and what follows for their sums and shares.

The intervals of independent parts are put together by the method of variance estimates recovery
(MOVER: Zou and Donner 2008, Statistics in Medicine 27, 1693-1702; for shares Donner and Zou 2012,
Statistical Methods in Medical Research 21, 347-359). It keeps them as lopsided as the parts' are,
and a part of which nothing was found still widens the whole.
"""

from dataclasses import dataclass
from math import hypot, sqrt


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how much it is, and between which two numbers with 95 % confidence."""

    about: float
    low: float
    high: float

    def __add__(self, other: "Estimate") -> "Estimate":
        about = self.about + other.about
        below = hypot(self.about - self.low, other.about - other.low)
        above = hypot(self.high - self.about, other.high - other.about)
        return Estimate(about, about - below, about + above)

    def __mul__(self, factor: float) -> "Estimate":
        return Estimate(self.about * factor, self.low * factor, self.high * factor)


NOTHING = Estimate(0.0, 0.0, 0.0)


def share_of(some: Estimate, rest: Estimate) -> Estimate | None:
    """Return which share some are of these and the rest; None where there is neither."""
    if some.about + rest.about <= 0.0:
        return None
    about = some.about / (some.about + rest.about)
    lowest = _odds(some, some.about - some.low, rest, rest.high - rest.about, -1)
    highest = _odds(some, some.high - some.about, rest, rest.about - rest.low, +1)
    return Estimate(about, _as_share(lowest), _as_share(highest))


def _odds(some: Estimate, off: float, rest: Estimate, off_rest: float, side: int) -> float | None:
    """Return how many times the rest these are at one end of the interval; None: without end.

    There the difference between them and so many times the rest is as far from 0 as the parts of
    its interval let it be.
    """
    above, below = some.about**2 - off**2, rest.about**2 - off_rest**2
    middle = some.about * rest.about
    root = sqrt(max(middle**2 - above * below, 0.0))
    if side < 0:
        return above / (middle + root) if middle + root > 0.0 else 0.0
    return (middle + root) / below if below > 0.0 else None


def _as_share(odds: float | None) -> float:
    return 1.0 if odds is None else max(odds, 0.0) / (1.0 + max(odds, 0.0))
