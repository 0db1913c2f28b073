"""Repeats: texts that say the same at a site, or nearly so, and those that do not."""

import random
from collections.abc import Callable
from itertools import combinations
from uuid import UUID

import pytest

from moderation.model.ids import SiteId
from moderation.model.prints import cut_up
from moderation.model.repeats import Print, print_of
from tests.copies import some_texts, typed_badly, with_a_name, with_a_sentence, with_another_word

AGORA, BOULE = SiteId(UUID(int=1)), SiteId(UUID(int=2))


def printed(text: str, site_id: SiteId = AGORA) -> Print | None:
    return print_of(cut_up(text), site_id)


def are_alike(one: str, other: str) -> bool:
    of_one, of_other = printed(one), printed(other)
    return of_one is not None and of_other is not None and of_one.is_like(of_other)


def with_another_link(text: str, draw: random.Random) -> str:
    return f"{text} https://offers.example/{draw.random()}"


def with_another_number(text: str, draw: random.Random) -> str:
    return f"{text} Call {draw.randrange(10_000)} now!"


def test_numbers_are_such_as_a_signed_column_holds() -> None:
    short = [printed(f"{letter} says what everybody says") for letter in "abcdefghij"]
    long = [printed(text) for text in some_texts()[:200]]
    assert all(one and one.second is one.sketch is None for one in short)
    assert len({one and one.number for one in short}) == 10
    held = [n for one in (*short, *long) if one for n in (one.number, one.second, one.sketch)]
    assert all(-(1 << 63) <= number < 1 << 63 for number in held if number is not None)


@pytest.mark.parametrize("text", ["What everybody says of it!", "What everybody says of it! " * 3])
def test_a_text_has_another_print_at_another_site(text: str) -> None:
    one, other = printed(text), printed(text, BOULE)
    assert one
    assert other
    assert one.number != other.number
    assert one.second is None or one.second != other.second


@pytest.mark.parametrize("text", ["Thanks!", "x" * 19, "https://a.example", ""])
def test_a_short_text_has_none(text: str) -> None:
    assert printed(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x" * 20, "X " * 20),
        ("What everybody says of it!", "WHAT everybody... says of it"),
        (
            "The best watches are here: www.a.example/1",
            "the best watches are here https://b.example",
        ),
        ("Call 0800 1234 for very cheap watches", "Call 0900 77 for very cheap watches"),
        ("\N{PILE OF POO}" * 9, "\N{PILE OF POO} " * 9),
    ],
)
def test_a_short_text_is_the_same_whatever_its_case_links_and_numbers(one: str, other: str) -> None:
    assert are_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What everybody says of it!", "What everybody says of her!"),
        ("https://a.example/some/where", "https://a.example/else/where"),
        ("0800 123 456 789 012 345", "0800 123 456 789 012 346"),
    ],
)
def test_short_texts_that_differ_are_others(one: str, other: str) -> None:
    assert not are_alike(one, other)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (with_another_link, 1.0),
        (with_another_number, 0.85),
        (with_another_word, 0.8),
        (typed_badly, 0.6),
        (with_a_sentence, 0.65),
        (with_a_name, 0.9),
    ],
)
def test_most_copies_with_a_small_change_are_found(
    change: Callable[[str, random.Random], str], found: float
) -> None:
    draw, texts = random.Random(3), some_texts()  # noqa: S311 - nothing secret
    hits = [are_alike(text, change(text, draw)) for text in texts]
    assert sum(hits) / len(hits) >= found


def test_no_texts_that_say_something_else_are_taken_for_repeats() -> None:
    found = [one for text in some_texts() if (one := printed(text))]
    pairs = list(combinations(found, 2))
    assert len(pairs) > 100_000
    assert not any(one.is_like(other) for one, other in pairs)


def test_one_number_in_common_is_not_enough() -> None:
    one = Print(1, 2, 0x01_02_03_04_05_06_07_08)
    assert one.is_like(Print(1, 3, 0x01_02_03_04_FF_FF_FF_FF))
    assert one.is_like(Print(4, 2, 0x01_02_03_04_FF_FF_FF_FF))
    assert not one.is_like(Print(1, 2, 0x01_02_03_FF_FF_FF_FF))
    assert not one.is_like(Print(5, 6, one.sketch))
