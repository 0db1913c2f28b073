"""How much automation misses: known answers, what is left out, and that intervals are honest."""

from datetime import date, timedelta

import numpy as np
import pytest

from moderation.model.audits import SampleState, probability
from moderation.model.labels import Label
from moderation.model.miss_rates import Sample, miss_rates, rate, weigh
from moderation.model.proportions import Proportion, wilson

MONDAY = date(2026, 11, 2)
KEPT, MISSED, OPEN, MOOT = (
    SampleState.KEPT,
    SampleState.MISSED,
    SampleState.OPEN,
    SampleState.MOOT,
)


def of(state: SampleState, many: int, chance: float = 0.01, week: int = 0) -> list[Sample]:
    return [Sample(MONDAY + timedelta(days=7 * week), chance, state)] * many


def test_samples_of_one_chance_are_a_proportion() -> None:
    whole = miss_rates(of(KEPT, 96) + of(MISSED, 4)).whole
    plain = Proportion(4, 100)
    assert (whole.judged, whole.missed, whole.share) == (100, 4, pytest.approx(0.04))
    assert (whole.low, whole.high) == (pytest.approx(plain.low), pytest.approx(plain.high))
    assert whole.of_a_thousand == (40, 15, 99)


def test_a_sample_stands_for_as_many_as_its_chance_says() -> None:
    """10 of 100 at a quiet time, and none of 100 when ten times as many came."""
    samples = of(KEPT, 90, 0.1) + of(MISSED, 10, 0.1) + of(KEPT, 100, 0.01)
    found = miss_rates(samples)
    assert found.whole.share == pytest.approx(100 / 11_000)
    assert found.approvals == pytest.approx(11_000)
    # Kish: what weighs differently tells as much as so many that weigh the same.
    effective = (100 * 10 + 100 * 100) ** 2 / (100 * 10**2 + 100 * 100**2)
    assert round(effective) == 120
    low, high = wilson(100 / 11_000, effective)
    assert (found.whole.low, found.whole.high) == (pytest.approx(low), pytest.approx(high))


def test_what_was_judged_stands_for_what_was_not_in_the_same_week() -> None:
    """Half of the first week waits, nothing of the second: the weeks count as they were."""
    first = of(KEPT, 40) + of(MISSED, 10) + of(OPEN, 50)
    second = of(KEPT, 100, week=1)
    found = miss_rates(first + second)
    assert found.whole.share == pytest.approx(0.1)
    assert (found.whole.judged, found.open) == (150, 50)
    assert found.approvals == pytest.approx(20_000)
    [one, other] = [found.weeks[week] for week in sorted(found.weeks)]
    assert (one.share, other.share) == (pytest.approx(0.2), 0.0)


def test_a_week_of_which_nothing_was_judged_tells_nothing() -> None:
    found = miss_rates(of(KEPT, 10) + of(OPEN, 10, week=1))
    assert found.weeks[MONDAY + timedelta(days=7)].share is None
    assert found.whole.judged == 10


def test_what_was_edited_or_withdrawn_is_left_out() -> None:
    found = miss_rates(of(KEPT, 9) + of(MISSED, 1) + of(MOOT, 90))
    assert (found.whole.share, found.moot) == (pytest.approx(0.1), 90)
    assert found.approvals == pytest.approx(1_000)


def test_without_a_judgement_nothing_is_known() -> None:
    found = miss_rates(of(OPEN, 3)).whole
    assert (found.share, found.low, found.high, found.of_a_thousand) == (None, 0.0, 1.0, None)
    assert miss_rates([]).approvals == 0


def test_where_nothing_or_all_was_missed_the_interval_ends_there() -> None:
    assert miss_rates(of(KEPT, 50)).whole.low == 0.0
    assert miss_rates(of(KEPT, 50)).whole.high > 0.0
    missed = miss_rates(of(MISSED, 3, 0.3) + of(MISSED, 4, 0.07)).whole
    assert (missed.share, missed.high) == (pytest.approx(1.0), pytest.approx(1.0))


def test_languages_and_labels_are_told_by_themselves() -> None:
    hate = frozenset({Label.IDENTITY_ATTACK})
    both = frozenset({Label.OBSCENE, Label.SEXUAL_EXPLICIT})
    samples = [
        *(Sample(MONDAY, 0.5, KEPT, language="en"),) * 8,
        Sample(MONDAY, 0.5, MISSED, language="en", labels=hate),
        Sample(MONDAY, 0.5, MISSED, language="fr", labels=both),
        *(Sample(MONDAY, 0.5, MISSED, blind=True),) * 2,
    ]
    found = miss_rates(samples)
    assert found.languages["en"].share == pytest.approx(1 / 9)
    assert found.languages["fr"].share == pytest.approx(1)
    assert found.languages[None].judged == 2
    assert found.labels[Label.IDENTITY_ATTACK].share == pytest.approx(1 / 12)
    assert found.labels[Label.OBSCENE].share == found.labels[Label.SEXUAL_EXPLICIT].share
    assert found.labels[Label.THREAT].share == 0.0
    assert found.unlabelled.share == pytest.approx(2 / 12)
    assert found.openly == 10


@pytest.mark.parametrize("weeks", [1, 4])
def test_intervals_hold_the_truth_in_19_of_20_periods(weeks: int) -> None:
    """Sites of every size, whose traffic, and with it the chance, changes from week to week."""
    draw, runs = np.random.default_rng(weeks), 10_000
    held = sum(_holds(draw, weeks) for _ in range(runs))
    assert 0.94 <= held / runs <= 0.985


def _holds(draw: np.random.Generator, weeks: int) -> bool:
    """Say whether the interval of one period holds its true rate, a part of it being judged."""
    usual, missing = 10 ** draw.uniform(1.5, 4.0), draw.uniform(0.005, 0.1)
    weighed, approved, bad = [], 0, 0.0
    for week in range(weeks):
        comments = int(usual * draw.uniform(0.4, 2.5)) + 5
        share = missing * draw.choice([0.5, 1.0, 2.0])
        # It follows what came, and is late.
        chance = probability(0.01, comments / 7 * draw.uniform(0.5, 2.0))
        chosen = int(draw.binomial(comments, chance))
        judged = int(draw.binomial(chosen, draw.choice([0.4, 0.8, 1.0])))
        wrong = int(draw.binomial(judged, share))
        kinds = ((KEPT, judged - wrong), (MISSED, wrong), (OPEN, chosen - judged))
        weighed += weigh([one for kind, n in kinds for one in of(kind, n, chance, week)])
        approved, bad = approved + comments, bad + share * comments
    found = rate(weighed, [one for one in weighed if one.sample.state is MISSED])
    return bool(found.low <= bad / approved <= found.high)
