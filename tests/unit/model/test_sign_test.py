"""Whether one of two that differ is right more often than by chance."""

from math import comb, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.sign_test import ENOUGH, Finding, SignTest

few = st.integers(min_value=0, max_value=60)


@pytest.mark.parametrize(
    ("shadow", "live", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (5, 5, 1.0),
        (6, 0, 2 / 64),
        (10, 2, 158 / 4096),
        (2, 10, 158 / 4096),
    ],
)
def test_the_exact_test_of_mcnemar_is_both_tails_of_a_fair_coin(
    shadow: int, live: int, p: float
) -> None:
    assert SignTest(shadow, live).p == pytest.approx(p)


@given(few, few)
def test_it_is_the_sum_of_all_splits_that_are_as_lopsided(shadow: int, live: int) -> None:
    number, least = shadow + live, min(shadow, live)
    splits = [n for n in range(number + 1) if min(n, number - n) <= least]
    assert SignTest(shadow, live).p == pytest.approx(
        sum(comb(number, n) for n in splits) / 2**number
    )


def test_what_is_right_about_eight_of_eight_is_better_and_about_seven_not_yet() -> None:
    assert SignTest(7, 0).finding is Finding.UNSURE
    assert SignTest(8, 0).finding is Finding.BETTER
    assert SignTest(0, 8).finding is Finding.WORSE
    assert SignTest(8, 0).evidence == pytest.approx(256 / 9)


@given(few, few)
def test_what_is_found_however_often_one_looks_would_be_found_at_one_look(
    shadow: int, live: int
) -> None:
    test = SignTest(shadow, live)
    if test.finding is not Finding.UNSURE:
        assert test.p < 1 / ENOUGH


def test_who_looks_after_each_comment_is_wrong_in_one_of_twenty_at_most() -> None:
    """The chance that a fair coin is ever called unfair, up to 400 tosses, without a simulation."""
    alive, called = {0: 1.0}, 0.0
    for number in range(1, 401):
        tossed: dict[int, float] = {}
        for right, chance in alive.items():
            for after in (right, right + 1):
                tossed[after] = tossed.get(after, 0.0) + chance / 2
        ended = {n for n in tossed if SignTest(n, number - n).finding is not Finding.UNSURE}
        called += sum(tossed[n] for n in ended)
        alive = {n: chance for n, chance in tossed.items() if n not in ended}
    assert 0.01 < called < 1 / ENOUGH


@pytest.mark.parametrize(
    ("shadow", "live", "needed"), [(0, 0, 8), (3, 0, 5), (8, 0, 0), (5, 5, None), (51, 49, None)]
)
def test_how_many_more_are_needed_goes_by_those_that_are_judged(
    shadow: int, live: int, needed: int | None
) -> None:
    assert SignTest(shadow, live).needed == needed


@given(few, few)
def test_so_many_more_of_the_same_kind_are_about_enough(shadow: int, live: int) -> None:
    test = SignTest(shadow, live)
    if test.needed and test.judged:
        share = (test.judged + test.needed + 4) / test.judged
        more = SignTest(round(shadow * share), round(live * share))
        assert more.evidence > ENOUGH * 0.5


def test_very_many_are_no_trouble() -> None:
    test = SignTest(30_000, 10_000)
    assert (test.p, test.evidence, test.finding) == (0.0, inf, Finding.BETTER)
