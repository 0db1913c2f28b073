"""Shares of samples, beside intervals worked out elsewhere."""

import random

import pytest

from moderation.model.proportions import Proportion


@pytest.mark.parametrize(
    ("many", "of", "low", "high"),
    [
        # Newcombe (1998), table II, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_the_interval_is_wilsons(many: int, of: int, low: float, high: float) -> None:
    found = Proportion(many, of)
    assert found.share == pytest.approx(many / of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_without_a_sample_nothing_is_known() -> None:
    nothing = Proportion(0, 0)
    assert (nothing.share, nothing.low, nothing.high) == (None, 0.0, 1.0)


@pytest.mark.parametrize("true", [0.5, 0.8, 0.95])
def test_nineteen_of_twenty_intervals_hold_the_truth(true: float) -> None:
    lots = random.Random(17)  # noqa: S311 - the same lots in every run
    held = 0
    for _ in range(10_000):
        found = Proportion(sum(lots.random() < true for _ in range(60)), 60)
        held += found.low <= true <= found.high
    assert held >= 9_300
