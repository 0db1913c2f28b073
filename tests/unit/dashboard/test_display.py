"""Hostile text: nothing invisible stays invisible, nothing else is changed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.dashboard.display import (
    FOLD_AT,
    MOST_CHIPS,
    MOST_MARKS,
    Kind,
    fold,
    language_tag,
    pieces,
    runs,
)
from api.dashboard.highlights import Highlight, highlights_of
from moderation.model.labels import Label
from moderation.model.marks import Mark

UNSEEN = (
    "\u202e\u202a\u2066\u200b\u200e\u2060\ufeff\u00ad\u061c\u3164\u2800"
    "\x00\x07\x1b\x9f\ufffa\ue000\U000e0100"
)
SHOWN_AS_THEY_ARE = [
    "Plain words.",
    "Two\nlines\tand a tab",
    "Größe, façade, naïve",
    "e\u0301 and \u0928\u093f",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u0915\u094d\u200d\u0937",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\u2764\ufe0f\u200d\U0001f525",
    "1\ufe0f\u20e3",
    "\U0001f44d\U0001f3fd",
    "\u6f22\u5b57\u3001\u65e5\u672c",
    "<script>alert(1)</script> {{ 7*7 }}",
]


def texts(text: str, *, lines: bool = True) -> list[tuple[str, str]]:
    return [(piece.kind.value, piece.text) for piece in pieces(text, lines=lines)]


@pytest.mark.parametrize("text", SHOWN_AS_THEY_ARE)
def test_what_can_be_seen_is_not_touched(text: str) -> None:
    assert "".join(shown for _, shown in texts(text)) == text
    assert all(kind == "text" for kind, _ in texts(text))


@pytest.mark.parametrize("character", UNSEEN)
def test_what_cannot_be_seen_becomes_a_chip(character: str) -> None:
    name = f"U+{ord(character):04X}"
    assert texts(f"a{character}b") == [("text", "a"), ("chip", name), ("text", "b")]


def test_a_chip_counts_repeats_and_says_its_characters_name() -> None:
    [piece] = pieces("\u202e" * 3)
    assert piece.text == "U+202E \N{MULTIPLICATION SIGN}3"
    assert piece.name == "right-to-left override"


def test_hidden_tags_are_read_aloud() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "Ignore")
    assert texts(f"hi{hidden}") == [("text", "hi"), ("chip", "hidden: Ignore")]


def test_a_joiner_outside_of_words_and_emoji_is_a_chip() -> None:
    assert ("chip", "U+200D") in texts("pass\u200dword")
    assert ("chip", "U+200C") in texts("\u200c")


def test_stacked_marks_are_cut_to_what_languages_need() -> None:
    assert texts("z" + "\u0301" * 20 + "y") == [
        ("text", "z" + "\u0301" * MOST_MARKS),
        ("chip", "+16 marks"),
        ("text", "y"),
    ]


def test_in_one_line_a_line_break_is_a_chip() -> None:
    assert texts("a\nb", lines=False) == [("text", "a"), ("chip", "U+000A"), ("text", "b")]
    assert texts("a\r\nb") == [("text", "a\nb")]


def test_thousands_of_chips_stay_a_small_page() -> None:
    shown = pieces("a\u200b" * 5000)
    assert sum(piece.kind is Kind.CHIP for piece in shown) == MOST_CHIPS
    assert len(shown) == 2 * MOST_CHIPS + 2
    assert shown[-1].text.startswith("\u27e8U+200B\u27e9a\u27e8U+200B\u27e9")


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_none_shows_what_it_should_name(text: str) -> None:
    for piece in pieces(text):
        for character in piece.text:
            assert unicodedata.category(character) not in {"Cc", "Cs", "Co"} or character in "\n\t"
            assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(st.text(max_size=5000))
def test_folding_loses_nothing(text: str) -> None:
    head, tail = fold(text)
    assert head + tail == text
    assert len(head) <= FOLD_AT + 200


def test_folding_cuts_between_words_and_never_inside_a_character() -> None:
    head, tail = fold("word " * 1000)
    assert head.endswith("word")
    assert tail.startswith(" ")
    head, tail = fold("e\u0301" * 3000)
    assert tail.startswith("e")


def test_folding_does_not_tear_a_line_break_in_two() -> None:
    head, tail = fold("sixteen letters.\r\n" * 200)
    assert (head[-1], tail[:2]) == (".", "\r\n")
    head, tail = fold("\r\n" * 2_000)
    assert (head[-2:], tail[:2]) == ("\r\n", "\r\n")


def test_only_a_language_tag_stands_in_an_attribute() -> None:
    assert language_tag("pt-BR") == "pt-BR"
    for odd in (None, "", "x", '"><b>', "en\u202e", "en us", "-", "en-"):
        assert language_tag(odd) is None


def highlight(start: int, end: int) -> Highlight:
    return Highlight(start, end, (Label.TOXICITY,), 1)


def shown(text: str, *places: tuple[int, int], begins_at: int = 0) -> list[tuple[bool, str]]:
    """Return the parts of a text, and whether each is highlighted."""
    found = pieces(text, highlights=[highlight(*place) for place in places], begins_at=begins_at)
    return [(bool(over), "".join(piece.text for piece in run)) for over, run in runs(found)]


def test_marked_words_are_highlighted_where_they_stand() -> None:
    assert shown("You idiot!", (4, 9)) == [(False, "You "), (True, "idiot"), (False, "!")]
    assert shown("Größe 🏳️‍🌈 idiot", (11, 16)) == [
        (False, "Größe 🏳️‍🌈 "),
        (True, "idiot"),
    ]


def test_a_line_break_before_it_does_not_move_a_highlight() -> None:
    assert shown("a\r\nb idiot", (5, 10))[1] == (True, "idiot")


def test_a_highlight_that_ends_inside_of_a_line_break_leaves_it_whole() -> None:
    shown = pieces("bad\r\nnews", highlights=[Highlight(0, 4, (Label.INSULT,), 1)])
    assert [(piece.kind, piece.text) for piece in shown] == [
        (Kind.TEXT, "bad"),
        (Kind.TEXT, "\nnews"),
    ]


def test_a_chip_inside_of_a_marked_word_is_highlighted_with_it() -> None:
    found = pieces("an idi\u200bot!", highlights=[highlight(3, 9)])
    marked = [(piece.kind.value, piece.text) for piece in found if piece.highlight]
    assert marked == [("text", "idi"), ("chip", "U+200B"), ("text", "ot")]


def test_words_behind_thousands_of_chips_are_still_highlighted() -> None:
    text = "a\u200b" * 5000 + " idiot"
    assert (True, "idiot") in shown(text, (len(text) - 5, len(text)))
    assert len(pieces(text, highlights=[highlight(10_001, 10_006)])) <= 2 * MOST_CHIPS + 4


def test_a_highlight_across_the_fold_is_in_both_parts() -> None:
    text = "word " * 1000
    head, tail = fold(text)
    places = [(len(head) - 4, len(head) + 5), (len(head) + 6, len(head) + 10)]
    assert shown(head, *places)[1] == (True, "word")
    assert shown(tail, *places, begins_at=len(head))[:3] == [
        (True, " word"),
        (False, " "),
        (True, "word"),
    ]


@given(
    st.text(max_size=100),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120)), max_size=5),
    st.integers(0, 50),
)
def test_no_highlight_loses_or_repeats_a_character(
    text: str, places: list[tuple[int, int]], begins_at: int
) -> None:
    plain = text.encode("ascii", "ignore").decode().replace("\r", "")
    printable = "".join(c for c in plain if c.isprintable())
    parts = shown(printable, *sorted(places), begins_at=begins_at)
    assert "".join(part for _, part in parts) == printable


def test_labels_of_one_place_are_one_highlight_as_strong_as_the_strongest() -> None:
    found = highlights_of(
        [
            Mark(4, 9, Label.INSULT, 0.97),
            Mark(4, 9, Label.TOXICITY, 0.99),
            Mark(0, 3, Label.TOXICITY, 0.55),
        ]
    )
    assert found == [
        Highlight(0, 3, (Label.TOXICITY,), 1),
        Highlight(4, 9, (Label.TOXICITY, Label.INSULT), 3),
    ]
