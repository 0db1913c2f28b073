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
        return 0.0 if self.many == 0 else self._end(-1)

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return 1.0 if self.many == self.of else self._end(+1)

    def _end(self, side: int) -> float:
        share, per = self.many / self.of, _Z * _Z / self.of
        half = _Z * math.sqrt((share * (1 - share) + per / 4) / self.of)
        return (share + per / 2 + side * half) / (1 + per)
