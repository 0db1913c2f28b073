"""Proportions of samples, with intervals."""

import math
from dataclasses import dataclass

_Z = 1.959963984540054
"""Of a normal distribution, 95 % lies within so many standard deviations."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """So many of so many; `low` to `high` is Wilson's score interval of 95 % (1927).

    Without a sample nothing is known: the interval is 0 to 1.
    """

    many: int
    of: int

    @property
    def share(self) -> float | None:
        """The share in the sample; None where there is none."""
        return self.many / self.of if self.of else None

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self._interval[0]

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self._interval[1]

    @property
    def _interval(self) -> tuple[float, float]:
        return wilson(self.many / self.of, self.of) if self.of else (0.0, 1.0)


def wilson(share: float, of: float) -> tuple[float, float]:
    """Return the interval of a share that was found among so many, which may be no whole number."""
    per = _Z * _Z / of
    half = _Z * math.sqrt((share * (1 - share) + per / 4) / of)
    low, high = ((share + per / 2 + side * half) / (1 + per) for side in (-1, +1))
    return (0.0 if share <= 0.0 else low), (1.0 if share >= 1.0 else high)
