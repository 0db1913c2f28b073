"""Drift: days on which the share flagged differs from the days before beyond chance.

Comments of a day are not independent: one heated thread flags many. So shares differ from day to
day by far more than a binomial distribution says, and by how much is told from the days themselves.
That is Laney's p'-chart (2002, Quality Engineering 14(4), 531-537) with each weekday's own middle,
on Anscombe's scale for shares (1948, Biometrika 35, 246-254), which bears few flagged comments.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import asin, pi, sin, sqrt

from moderation.model.proportions import Proportion
from moderation.model.rates import Handled, Span

DAY = timedelta(days=1)
DAYS_BEFORE = 28
"""What a day is compared with: four weeks, so that each weekday is in it as often."""

LIMIT = 3.0
"""So many standard deviations are beyond chance: Shewhart's limits. A test simulates what follows:
less than one false warning in 30 days."""

LEAST_COMMENTS = 50
"""A day with fewer tells nothing."""

LEAST_FREEDOM = 10
"""Days beyond one of each weekday, from which on is known how much days differ."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A day, or as much of it as there is, whose share flagged is not as usual."""

    span: Span
    share: Proportion
    usual: float
    """The share on the same weekday in the weeks before."""

    @property
    def is_more(self) -> bool:
        """Say whether more was flagged than usual."""
        return self.share.many > self.usual * self.share.of


@dataclass(frozen=True, slots=True)
class _Middle:
    """What a weekday's shares lie around, and how heavily that is founded."""

    at: float
    weight: float


def drift_of(day: Handled, before: Sequence[Handled]) -> Drift | None:
    """Say whether a day differs from those before; None where it does not, or nobody can know."""
    usable = [one for one in before if one.total >= LEAST_COMMENTS]
    middles = _middles(usable)
    middle = middles.get(day.span.begins.weekday())
    freedom = len(usable) - len(middles)
    if day.total < LEAST_COMMENTS or middle is None or freedom < LEAST_FREEDOM:
        return None
    off = sum(
        _weight(one) * (_scaled(one) - middles[one.span.begins.weekday()].at) ** 2 for one in usable
    )
    # Below 1 days would differ less than chance alone lets them.
    spread = max(off / freedom, 1.0)
    deviation = sqrt(spread * (1 / _weight(day) + 1 / middle.weight))
    if abs(_scaled(day) - middle.at) <= LIMIT * deviation:
        return None
    return Drift(day.span, day.share_flagged, sin(min(max(middle.at, 0.0), pi / 2)) ** 2)


def drifts(days: Sequence[Handled]) -> tuple[Drift, ...]:
    """Return which of these days in a row differ, but for the first four weeks."""
    found = (
        drift_of(day, days[place : place + DAYS_BEFORE])
        for place, day in enumerate(days[DAYS_BEFORE:])
    )
    return tuple(one for one in found if one is not None)


def _middles(days: Sequence[Handled]) -> Mapping[int, _Middle]:
    of_weekday = defaultdict(list)
    for day in days:
        of_weekday[day.span.begins.weekday()].append(day)
    return {weekday: _middle(some) for weekday, some in of_weekday.items()}


def _middle(days: Sequence[Handled]) -> _Middle:
    weight = sum(map(_weight, days))
    return _Middle(sum(_weight(day) * _scaled(day) for day in days) / weight, weight)


def _scaled(day: Handled) -> float:
    return asin(sqrt((day.flagged + 0.375) / (day.total + 0.75)))


def _weight(day: Handled) -> float:
    """Return one over the variance that chance alone would give it."""
    return 4 * day.total + 2
