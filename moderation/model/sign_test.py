"""The sign test: whether of two that decide differently one is right more often than by chance."""

from dataclasses import dataclass
from enum import StrEnum
from math import comb, exp, inf, lgamma, log

ENOUGH = 20.0
"""From such evidence on, a finding is wrong in at most one of so many, however often one looks."""

MOST_NEEDED = 10_000
"""Who needs more judged differences than this will hardly live to see them."""


class Finding(StrEnum):
    """What the differences that people judged say of the shadow."""

    BETTER = "better"
    WORSE = "worse"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class SignTest:
    """Of comments that two policies decide differently, one is right about each, as people say.

    The `shadow` is right about so many, and the `live` policy about so many.
    """

    shadow: int
    live: int

    @property
    def judged(self) -> int:
        """How many there are."""
        return self.shadow + self.live

    @property
    def p(self) -> float:
        """How often chance alone gives so lopsided a split, or more so: McNemar's exact test.

        For one look, at a number that was chosen before; a page is looked at every day.
        """
        return chance_of(self.shadow, self.live)

    @property
    def evidence(self) -> float:
        """How many times likelier the split is where one is right more often than by chance.

        Averaged over all shares in which it may be right. By chance it ever reaches a number with
        at most one over that as probability (Ville), and so one may look as often as one likes.
        """
        found = _evidence(self.shadow, self.live)
        return exp(found) if found < log(1e300) else inf

    @property
    def finding(self) -> Finding:
        """Which one is right more often; unsure where that may be chance."""
        if self.evidence < ENOUGH:
            return Finding.UNSURE
        return Finding.BETTER if self.shadow > self.live else Finding.WORSE

    @property
    def needed(self) -> int | None:
        """About how many more have to be judged, if they split as those before.

        Without any: if one is right about all. None where they are so alike that it would take too
        many.
        """
        share = max(self.shadow, self.live) / self.judged if self.judged else 1.0
        for more in range(MOST_NEEDED + 1):
            number = self.judged + more
            if _evidence(share * number, (1 - share) * number) >= log(ENOUGH):
                return more
        return None


def chance_of(one: int, other: int) -> float:
    """Return how likely a fair coin falls at least as unevenly (two-sided, exact)."""
    tosses, least = one + other, min(one, other)
    tail = sum(comb(tosses, heads) for heads in range(least + 1))
    return min(1.0, 2 * tail / (1 << tosses))


def _evidence(one: float, other: float) -> float:
    """Return the logarithm of the evidence: that of 2ⁿ · one! · other! / (n + 1)!."""
    number = one + other
    return number * log(2) + lgamma(one + 1) + lgamma(other + 1) - lgamma(number + 2)
