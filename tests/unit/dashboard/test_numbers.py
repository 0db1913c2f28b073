"""Numbers and days as pages write them."""

from datetime import UTC, datetime

import pytest
from flask import Flask, g

from api.dashboard.languages import day, number


@pytest.mark.parametrize("value", [0.325, 0.335, 0.345, 0.125, 0.5, 2 / 3])
def test_a_number_is_rounded_as_it_is_everywhere_else(value: float) -> None:
    assert number(value, 2) == f"{value:.2f}"


def test_thousands_stand_apart() -> None:
    assert number(1_234_567) == "1,234,567"


def test_a_day_is_written_in_short() -> None:
    assert day(datetime(2026, 9, 6, 23, tzinfo=UTC)) == "Sep 6"


def test_they_are_written_as_the_language_of_the_page_does() -> None:
    with Flask(__name__).test_request_context():
        g.language = "de"
        assert number(1_234.5, 1) == "1.234,5"
        assert day(datetime(2026, 11, 6, tzinfo=UTC)) == "6. Nov."
