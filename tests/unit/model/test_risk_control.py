"""Learn then test: bounds that are known, and promises that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp, inf

import numpy as np
import pytest

from moderation.model.audited_weeks import audited_weeks
from moderation.model.audits import SampleState
from moderation.model.miss_rates import Sample
from moderation.model.risk_control import BETS, Rejectable, Seen, most_lenient

MONDAY = date(2026, 11, 2)
OPEN, KEPT, MISSED, MOOT = SampleState
CANDIDATES = 185


def stake(found: Rejectable, most: float, place: int = 0) -> float:
    return found.stakes(place + 1, most)[place].after()


def test_each_comment_multiplies_the_stake() -> None:
    """Of one bet; the stake is what all of them have become together."""
    found = Rejectable([Seen(5, 0.1), Seen(0, 0.2)], known=[5, 0], unjudged=[5, 0], least=0.1)
    [one] = found.stakes(1, 0.2)
    # Odds of a quarter: two are stopped, two are missed, and what is unjudged counts if missed.
    bets = [part * 0.1 for part, _ in BETS]
    for logarithm, bet in zip(one.logarithms, bets, strict=True):
        stopped = (1 + 0.25 * bet / 0.1) * (1 + 0.25 * bet)
        missed = (1 - bet / 0.2) * (1 - bet) ** 2
        assert exp(logarithm) == pytest.approx(stopped * missed)
    assert sum(part for _, part in BETS) == pytest.approx(1.0)


def test_a_sample_that_is_missed_with_the_least_chance_loses_the_highest_bet() -> None:
    [one] = Rejectable([Seen(0, 0.1)], (), (), 0.1).stakes(1, 0.2)
    assert one.logarithms[0] == -inf
    assert 0.0 < one.after() < 0.5
    [all_known] = Rejectable((), [0], ()).stakes(1, 0.2)
    assert all_known.logarithms[0] == -inf


def test_how_much_must_be_known_for_a_promise() -> None:
    """With an audit of 1 % and nothing seen that is missed, 3,200 that are stopped show 10 %."""
    few, enough = (Rejectable((), [9] * many, (), 0.01) for many in (2_900, 3_300))
    assert stake(few, 0.1) < 20 < stake(enough, 0.1)
    assert stake(Rejectable((), [9] * 700, (), 0.05), 0.1) > 20
    assert stake(Rejectable((), [9] * 1_500, (), 0.01), 0.2) > 20
    # Samples count by their chance: 15 of 1 % as much as 1,500 of which each is known.
    both = Rejectable([Seen(9, 0.01)] * 19, [9] * 1_900, (), 0.01)
    assert stake(both, 0.1) > 20


def test_more_that_is_missed_never_helps_and_more_that_is_stopped_never_harms() -> None:
    found = Rejectable([Seen(9, 0.01)] * 19, [9] * 1_900, [9], 0.01)
    before = stake(found, 0.1)
    assert stake(replace(found, seen=[*found.seen, Seen(9, 0.02)]), 0.1) > before
    assert stake(replace(found, seen=[*found.seen, Seen(0, 0.02)]), 0.1) < before
    assert stake(replace(found, known=[*found.known, 0]), 0.1) < before
    assert stake(replace(found, unjudged=[0]), 0.1) < before
    assert stake(replace(found, unjudged=[]), 0.1) == before


def test_candidates_are_tried_from_the_strictest_on_until_one_fails() -> None:
    # All are stopped by the first two, and by the third nothing.
    found = Rejectable((), [2] * 300, ()).stakes(4, 0.1)
    assert [one.shows for one in found] == [True, True, False, False]
    assert most_lenient(found) == 1
    assert most_lenient([found[2], found[0]]) is None
    assert most_lenient([found[0], found[2], found[0]]) == 0


def test_how_much_longer_it_takes_is_told() -> None:
    [found] = Rejectable((), [9] * 1_000, (), 0.01).stakes(1, 0.1)
    factor = found.times_as_many
    assert factor is not None
    assert factor == pytest.approx(3.2, abs=0.2)
    assert found.after(factor) >= 20 > found.after(factor * 0.98)
    [hopeless] = Rejectable((), [9] * 500 + [0] * 500, ()).stakes(1, 0.1)
    assert hopeless.times_as_many is None


def of(week: int, chance: float, *states: SampleState) -> list[Sample]:
    return [Sample(MONDAY + timedelta(days=7 * week), chance, state) for state in states]


def test_weeks_are_chosen_by_how_much_of_them_was_judged() -> None:
    good = [one for week in (0, 1, 3) for one in of(week, 0.02, *[KEPT] * 10)]
    late = of(2, 0.02, KEPT, *[OPEN] * 19)
    found = audited_weeks(good + late, without=())
    assert found is not None
    assert sorted(found.judged) == [MONDAY + timedelta(days=7 * week) for week in (0, 1, 3)]
    assert found.least == 0.02
    assert [(one.ends - one.begins).days for one in found.spans] == [14, 7]
    half = audited_weeks(of(0, 0.02, KEPT, MISSED, OPEN, OPEN, MOOT), without=())
    assert half is not None
    assert half.least == pytest.approx(0.01)
    assert half.chance_of(of(0, 0.02, KEPT)[0]) == pytest.approx(0.01)
    without = audited_weeks(good, without={MONDAY})
    assert without is not None
    assert len(without.judged) == 2
    assert audited_weeks(of(0, 0.02, OPEN), without=()) is None


def test_the_promise_is_kept_at_19_of_20_sites() -> None:
    """Whatever the sites are like; and candidates are proposed, or it would be kept for nothing."""
    draw, sites = np.random.default_rng(36), 1_000
    broken, proposed = _tried(draw, sites)
    assert proposed > sites / 4
    assert broken <= 0.05 * sites, (broken, proposed)


def test_without_weights_the_promise_would_be_broken() -> None:
    """Else the test before would pass with any."""
    broken, proposed = _tried(np.random.default_rng(36), 300, weighed=False)
    assert broken > 0.5 * proposed


def _tried(draw: np.random.Generator, sites: int, *, weighed: bool = True) -> tuple[int, int]:
    broken = proposed = 0
    for _ in range(sites):
        most = draw.choice([0.05, 0.1, 0.2, 0.3])
        risks, found = _site(draw, weighed=weighed)
        last = most_lenient(found.stakes(CANDIDATES, most))
        if last is not None:
            proposed += 1
            broken += risks[last] > most
    return broken, proposed


def _site(draw: np.random.Generator, *, weighed: bool) -> tuple[Sequence[float], Rejectable]:
    """Return how much each candidate misses of all that is bad, and what people know of a period.

    The score of what is bad has the distribution x to the power of `shape`.
    """
    shape, live = draw.uniform(0.5, 6.0), draw.uniform(0.3, 0.9)
    lines = 1 / (1 + np.exp(-(np.log(live / (1 - live)) + np.linspace(-9, 9, CANDIDATES))))
    usual, chance = 10 ** draw.uniform(1.5, 3.5), 10 ** draw.uniform(-2.5, 0.0)
    begun = [
        _week(draw, week, lines, (shape, live, usual, min(chance * draw.uniform(0.7, 1.4), 1.0)))
        for week in range(int(draw.integers(1, 9)))
    ]
    weeks = audited_weeks([one for week in begun for one in week.samples], without=())
    if weeks is None:
        return (lines**shape).tolist(), Rejectable((), (), ())
    told = [week for week in begun if week.begins in weeks.judged]
    known = Rejectable(
        seen=[
            Seen(rank, weeks.chance_of(week.samples[0]) if weighed else 1.0)
            for week in told
            for rank in week.seen
        ],
        known=[rank for week in told for rank in week.known],
        unjudged=[rank for week in told for rank in week.unjudged],
        least=weeks.least if weighed else 1.0,
    )
    return (lines**shape).tolist(), known


@dataclass(frozen=True)
class _Week:
    begins: date
    samples: list[Sample]
    seen: list[int]
    known: list[int]
    unjudged: list[int]


def _week(
    draw: np.random.Generator,
    number: int,
    lines: np.ndarray,
    traffic: tuple[float, float, float, float],
) -> _Week:
    """Let bad comments come, and 2,000 others that are approved; and people judge some of them."""
    shape, live, usual, chance = traffic
    part, queue = draw.choice([0.3, 0.9, 1.0]), draw.choice([0.8, 1.0])
    scores = draw.random(draw.poisson(usual * draw.uniform(0.5, 1.5))) ** (1 / shape)
    ranks, over = np.searchsorted(lines, scores, side="right"), scores >= live
    looked = draw.random(len(scores)) < queue
    chosen = ranks[~over & (draw.random(len(scores)) < chance)]
    kept = int(draw.binomial(2_000, chance))
    # In an order that chance chose, as far as people came.
    judged = draw.permutation(len(chosen) + kept)[: round(part * (len(chosen) + kept))]
    seen = chosen[judged[judged < len(chosen)]].tolist()
    states = {KEPT: len(judged) - len(seen), MISSED: len(seen)}
    states[OPEN] = len(chosen) + kept - len(judged)
    samples = [one for state, many in states.items() for one in of(number, chance, state) * many]
    begins = MONDAY + timedelta(days=7 * number)
    return _Week(
        begins, samples, seen, ranks[over & looked].tolist(), ranks[over & ~looked].tolist()
    )
