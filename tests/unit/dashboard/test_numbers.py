"""Numbers and days as pages write them."""

from datetime import UTC, datetime

import pytest
from flask import Flask, g

from api.dashboard.languages import day, number, told, unrounded
from moderation.model.errors import Conflict, InvalidInput


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


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (0.8, "0.8", "0,8"),
        (0.325, "0.325", "0,325"),
        (1.0, "1", "1"),
        (2, "2", "2"),
        (12_345.5, "12,345.5", "12.345,5"),
        (100_000.0, "100,000", "100.000"),
        (0.000_01, "0.00001", "0,00001"),
        (0.1 + 0.2, "0.3", "0,3"),
    ],
)
def test_a_number_is_written_with_the_digits_that_it_has(
    value: float, english: str, german: str
) -> None:
    assert unrounded(value) == english
    with Flask(__name__).test_request_context():
        g.language = "de"
        assert unrounded(value) == german


def test_so_are_those_in_an_error_and_programs_read_them_in_english() -> None:
    error = InvalidInput(
        "Take a number from %(least)s to %(most)s.", least=0.1, most=InvalidInput("%(n)s", n=1_000)
    )
    assert str(error) == told(error) == "Take a number from 0.1 to 1,000."
    with Flask(__name__).test_request_context():
        g.language = "de"
        assert told(error) == "Nehmen Sie eine Zahl von 0,1 bis 1.000."
        assert told(Conflict("%(version)s", version="1234")) == "1234"
