"""Prints: texts that say the same find each other, and most that say nearly the same."""

import random
import re
from collections.abc import Callable
from itertools import combinations

import pytest

from moderation.model.prints import (
    alike_prints,
    likeness,
    prints_of,
    same_print,
    sequences_of,
)
from tests.copies import some_texts, typed_badly, with_a_name, with_a_sentence, with_another_word

SAID = "The council never asked the people of this street what they think of night trams."


@pytest.mark.parametrize(
    "other",
    [
        SAID.upper(),
        SAID.replace(" ", "\n\n").rstrip("."),
        " ".join(SAID),
        SAID.replace("council", "coun\u200bcil").replace("trams", "tr\u00e0ms"),
        "".join(chr(0xFEE0 + ord(c)) if "!" <= c <= "~" else c for c in SAID),
        f"{SAID} \N{PILE OF POO}\N{PILE OF POO}",
    ],
)
def test_case_spaces_accents_and_invisible_characters_make_no_difference(other: str) -> None:
    assert same_print(other) == same_print(SAID)
    assert alike_prints(other) == alike_prints(SAID)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("yes", "no"),
        ("1", "2"),
        ("\N{PILE OF POO}", "\N{THUMBS UP SIGN}"),
        ("\u0e21\u0e32", "\u0e21\u0e35"),
    ],
)
def test_short_texts_are_told_apart(one: str, other: str) -> None:
    assert same_print(one) != same_print(other)
    assert not alike_prints(one)


@pytest.mark.parametrize("blank", ["", " \n", "\u2003"])
def test_a_text_of_blanks_is_like_nothing(blank: str) -> None:
    assert prints_of(blank) == frozenset()


def test_an_advertisement_is_found_whatever_it_links_to() -> None:
    one, other = (f"{SAID} https://offers.example/{where}" for where in ("a", "zz99/other"))
    assert same_print(one) != same_print(other)
    assert alike_prints(one) == alike_prints(other)
    assert likeness(sequences_of(one), sequences_of(other)) == 1.0


@pytest.mark.parametrize(
    ("change", "found"),
    [(with_another_word, 0.95), (typed_badly, 0.85), (with_a_sentence, 0.9), (with_a_name, 0.99)],
)
def test_most_texts_with_a_small_change_are_found(
    change: Callable[[str, random.Random], str], found: float
) -> None:
    draw, texts = random.Random(3), some_texts()  # noqa: S311 - nothing secret
    changed = [change(text, draw) for text in texts]
    hits = [bool(alike_prints(a) & alike_prints(b)) for a, b in zip(texts, changed, strict=True)]
    assert sum(hits) / len(hits) >= found


def test_few_texts_that_say_something_else_are_taken_for_alike() -> None:
    found = [(alike_prints(text), sequences_of(text)) for text in some_texts()]
    pairs = list(combinations(found, 2))
    wrong = sum(bool(a[0] & b[0]) and likeness(a[1], b[1]) < 0.3 for a, b in pairs)
    assert len(pairs) > 100_000
    assert wrong / len(pairs) < 1e-4


def test_prints_are_words_to_the_search_index() -> None:
    # They share no first letter with the words of any field, and FTS5 cuts nothing off them.
    for term in prints_of(SAID):
        assert re.fullmatch("[en][0-9a-f]+", term)
