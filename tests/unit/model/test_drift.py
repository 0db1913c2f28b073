"""Drift is said where there is some, and hardly ever where there is none."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from moderation.model.drift import DAYS_BEFORE, drift_of, drifts
from moderation.model.rates import Handled, Span

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
DAY = timedelta(days=1)
LOOKS = (6, 9, 12, 15, 18, 21, 24)
"""Hours at which somebody looks at a day."""

Hours = Sequence[tuple[int, int]]
"""Of one day, hour by hour: how many were flagged, of how many."""


def traffic(seed: int, days: int, a_day: int, share: float) -> Iterator[Hours]:
    """Yield days that are no different from each other, and yet vary: see `spread`."""
    chance = np.random.default_rng(seed)
    spread = 0.25
    for day in range(days):
        weekend = day % 7 > 4
        middle = share * (1.4 if weekend else 1.0)
        # A beta distribution with this middle, and a quarter of it as its standard deviation.
        both = middle * (1 - middle) / (spread * middle) ** 2 - 1
        that_day = chance.beta(middle * both, (1 - middle) * both)
        comments = chance.poisson(a_day * (0.6 if weekend else 1.0) / 24, 24)
        yield [(int(chance.binomial(n, that_day)), int(n)) for n in comments]


def until(day: int, hours: Hours, hour: int = 24) -> Handled:
    flagged = sum(one for one, _ in hours[:hour])
    total = sum(n for _, n in hours[:hour])
    begins = MONDAY + day * DAY
    return Handled(Span(begins, begins + hour * timedelta(hours=1)), total - flagged, flagged)


def false_warnings(days: Sequence[Hours]) -> int:
    """Count the days of which at any look is said that they differ from the same hours before."""
    return sum(
        any(
            drift_of(
                until(day, days[day], hour),
                [until(one, days[one], hour) for one in range(day - DAYS_BEFORE, day)],
            )
            for hour in LOOKS
        )
        for day in range(DAYS_BEFORE, len(days))
    )


@pytest.mark.parametrize(("a_day", "share"), [(150, 0.02), (2_000, 0.03), (20_000, 0.1)])
def test_traffic_that_stays_the_same_gives_less_than_one_false_warning_a_month(
    a_day: int, share: float
) -> None:
    sites = 12
    found = [
        false_warnings(list(traffic(seed, DAYS_BEFORE + 30, a_day, share))) for seed in range(sites)
    ]
    assert sum(found) / sites <= 1.0, found


def test_a_binomial_test_would_cry_wolf() -> None:
    """Else the test before would pass with any."""
    days = [until(n, hours) for n, hours in enumerate(traffic(1, 58, 20_000, 0.1))]
    wrong = 0
    for place in range(DAYS_BEFORE, 58):
        before = days[place - DAYS_BEFORE : place]
        usual = sum(one.flagged for one in before) / sum(one.total for one in before)
        off = abs((days[place].share_flagged.share or 0) - usual)
        wrong += off > 3 * (usual * (1 - usual) / days[place].total) ** 0.5
    assert wrong > 10


@pytest.mark.parametrize("times", [3.0, 0.1])
def test_a_day_with_three_times_as_much_or_hardly_anything_is_found(times: float) -> None:
    sites = 20
    found = 0
    for seed in range(sites):
        *before, last = (until(n, h) for n, h in enumerate(traffic(seed, 31, 3_000, 0.05)))
        flagged = int(last.flagged * times)
        made = drift_of(Handled(last.span, last.total - flagged, flagged), before[-DAYS_BEFORE:])
        found += made is not None and made.is_more is (times > 1)
    assert found >= sites * 0.75


def test_nothing_is_said_of_few_comments_or_few_days() -> None:
    steady = [Handled(Span(MONDAY + n * DAY, MONDAY + (n + 1) * DAY), 90, 10) for n in range(29)]
    spike = Handled(steady[-1].span, 10, 90)
    found = drift_of(spike, steady[:-1])
    assert found is not None
    assert found.usual == pytest.approx(0.1, abs=0.01)
    assert drift_of(spike, steady[:16]) is None
    assert drift_of(Handled(spike.span, 5, 44), steady[:-1]) is None
    assert drift_of(steady[-1], steady[:-1]) is None
    assert drifts([*steady[:-1], spike]) == (found,)
    assert drifts(steady[:-1]) == ()
