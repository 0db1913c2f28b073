"""Risk control: lines that miss at most so much of what people would reject, with a guarantee.

Learn then test (Angelopoulos, Bates, Candes, Jordan and Lei 2021, arXiv:2110.01052): candidates are
given in a fixed order, from strict to lenient, and each is tested in turn at the same level until
one fails. The last that passed breaks its promise in at most one of twenty cases, however many were
tried.

A test is a bet against the promise being broken (Waudby-Smith and Ramdas 2024, JRSS B 86, 1-27). It
begins with a stake of 1. A comment that people would reject multiplies the stake by 1 + odds * bet
/ chance where the candidate stops it, and by 1 - bet / chance where it does not; `chance` is that
with which it was judged, and the odds are most / (1 - most). Were more missed than promised, no bet
would be expected to win, so the stake reaches 20 in at most one of 20 cases (Markov). ADR 0036.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, inf, log1p

ERROR = 0.05
"""In so many cases at most a promise may be broken."""

BETS = ((1.0, 0.5), *((tenths / 10, 0.05) for tenths in range(1, 11)))
"""Parts of the highest bet that is allowed, and how much of the stake is set on each. High ones win
where nothing was seen to be missed, low ones where much was seen."""

_LONGEST = 10_000.0
"""So many times as long a period is never waited for."""

_HIGHEST = 700.0
"""The exponential of more is no number."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An approval that chance chose with this chance, and that people would have rejected."""

    stopped_by: int
    chance: float


@dataclass(frozen=True, slots=True)
class Rejectable:
    """Comments that people would reject, by how many candidates stop them, from the strictest on.

    `seen` are samples, `known` those that were judged because automation did not approve them, and
    `unjudged` those of which nobody knows yet: they count as missed, and for nothing where they are
    stopped. No approval was judged with less than the chance `least`.
    """

    seen: Sequence[Seen]
    known: Sequence[int]
    unjudged: Sequence[int]
    least: float = 1.0

    def stakes(self, candidates: int, most: float) -> list["Stake"]:
        """Return for each candidate what became of the stakes on its missing at most so much."""
        of_each = [self._logarithms(candidates, most, part * self.least) for part, _ in BETS]
        return [Stake(logarithms) for logarithms in zip(*of_each, strict=True)]

    def _logarithms(self, candidates: int, most: float, bet: float) -> list[float]:
        odds = most / (1.0 - most)
        seen = sorted(self.seen, key=lambda one: one.stopped_by)
        won = [0.0, *accumulate(log1p(odds * bet / one.chance) for one in reversed(seen))]
        lost = [0.0, *accumulate(_lost(bet / one.chance) for one in seen)]
        ranks = [one.stopped_by for one in seen]
        known, unjudged = sorted(self.known), sorted(self.unjudged)
        found = []
        for place in range(candidates):
            # Who is stopped by so many candidates is approved by the next one.
            missed, known_missed = bisect_right(ranks, place), bisect_right(known, place)
            surely = known_missed + bisect_right(unjudged, place)
            found.append(
                won[len(seen) - missed]
                + lost[missed]
                + (len(known) - known_missed) * log1p(odds * bet)
                + (surely * _lost(bet) if surely else 0.0)
            )
        return found


@dataclass(frozen=True, slots=True)
class Stake:
    """What a stake of 1 has become under one candidate: the logarithm for each bet."""

    logarithms: Sequence[float]

    def after(self, times: float = 1.0) -> float:
        """Return how much it is, or would be after so many times as many comments alike."""
        each = zip(self.logarithms, BETS, strict=True)
        return sum(part * exp(min(times * one, _HIGHEST)) for one, (_, part) in each)

    @property
    def shows(self) -> bool:
        """Say whether it shows that the candidate keeps the promise."""
        return self.after() >= 1.0 / ERROR

    @property
    def times_as_many(self) -> float | None:
        """About how many times as much must be judged before it would; None: that does not help."""
        few, many = 1.0, _LONGEST
        if max(self.logarithms) <= 0.0 or self.after(many) < 1.0 / ERROR:
            return None
        while many - few > 0.01 * few:
            middle = (few + many) / 2
            few, many = (few, middle) if self.after(middle) >= 1.0 / ERROR else (middle, many)
        return many


def most_lenient(stakes: Sequence[Stake]) -> int | None:
    """Return the last of the candidates, from the strictest on, before the first that fails."""
    passed = None
    for place, one in enumerate(stakes):
        if not one.shows:
            break
        passed = place
    return passed


def _lost(part: float) -> float:
    return log1p(-part) if part < 1.0 else -inf
