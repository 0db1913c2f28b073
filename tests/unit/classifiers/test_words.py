"""Where the words of a text stand, however they are written."""
# ruff: noqa: RUF001 - letters that look like others are what this is about

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.words import LONGEST, words_of


def words(text: str) -> list[str]:
    return [text[word] for word in words_of(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("You are, all of you, (idiots)!", ["You", "are", "all", "of", "you", "idiots"]),
        ("don't 'quote' me - “idiot”…", ["don't", "quote", "me", "idiot"]),
        (
            "you 1d10t, a$$hole, sh*t, f*** and st*pid!!",
            ["you", "1d10t", "a$$hole", "sh*t", "f***", "and", "st*pid"],
        ),
        ("you i d i o t here", ["you", "i d i o t", "here"]),
        ("s.t.u.p.i.d and f-u-c-k", ["s.t.u.p.i.d", "and", "f-u-c-k"]),
        (
            "an ѕtuріd \U0001d4f2\U0001d4ed\U0001d4f2\U0001d4f8\U0001d4fd",
            ["an", "ѕtuріd", "\U0001d4f2\U0001d4ed\U0001d4f2\U0001d4f8\U0001d4fd"],
        ),
        (
            "i\u0336d\u0336i\u0336o\u0336t\u0336 idi\u200bot",
            ["i\u0336d\u0336i\u0336o\u0336t\u0336", "idi\u200bot"],
        ),
        ("go 🖕🏽 away 👨‍👩‍👧", ["go", "🖕🏽", "away", "👨‍👩‍👧"]),
        ("", []),
        (" \n\t ... !!! ", []),
    ],
)
def test_a_word_is_whole_however_it_is_written(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_what_is_written_over_a_letter_makes_no_word_longer() -> None:
    word = "".join(letter + "\u0301" * 300 for letter in "idiot")
    assert words(f"you {word}!") == ["you", word]


def test_a_text_without_spaces_is_cut_into_pieces() -> None:
    found = words("你" * 120)
    assert [len(piece) for piece in found] == [LONGEST, LONGEST, 20]


@given(st.text(max_size=300))
def test_words_are_in_order_and_apart(text: str) -> None:
    found = words_of(text)
    places = [place for word in found for place in (word.start, word.stop)]
    assert places == sorted(places)
    assert all(text[word].strip() == text[word] != "" for word in found)
