"""With which chance a comment is chosen for the audit, and how many that makes."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.model.audits import approvals_a_day, probability

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("a_day", "chosen"),
    [
        (0.5, 0.5),  # a site with fewer than five a week: all of them
        (5 / 7, 5 / 7),
        (10, 5 / 7),
        (50, 5 / 7),  # 1 % would be one in two days
        (71.5, 0.715),
        (1_000, 10),
        (10_000, 100),
        (1_000_000, 100),
    ],
)
def test_at_least_five_a_week_and_at_most_a_hundred_a_day(a_day: float, chosen: float) -> None:
    assert probability(0.01, a_day) * a_day == pytest.approx(chosen)


def test_the_share_holds_until_somebody_counted() -> None:
    assert probability(0.01, None) == 0.01


def test_a_site_without_approvals_has_the_next_one_judged() -> None:
    assert probability(0.01, 0.0) == 1.0


@pytest.mark.parametrize("a_day", [None, 0.0, 3.0, 10_000.0])
def test_a_share_of_nothing_chooses_nothing(a_day: float | None) -> None:
    assert probability(0.0, a_day) == 0.0


def test_another_share_has_the_same_bounds() -> None:
    assert probability(0.5, 100) == 0.5
    assert probability(0.5, 1_000) == 0.1
    assert probability(0.001, 10) == pytest.approx(5 / 70)


@pytest.mark.parametrize(
    ("number", "since", "expected"),
    [
        (700, timedelta(days=7), 100),
        (20_000, timedelta(days=2), 10_000),
        (20_000, timedelta(hours=6), 20_000),  # of a few hours no day is made
        (0, timedelta(0), 0),
    ],
)
def test_how_many_a_day_follows_from_how_many_since_when(
    number: int, since: timedelta, expected: float
) -> None:
    assert approvals_a_day(number, NOW - since, NOW) == pytest.approx(expected)
