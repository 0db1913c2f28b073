"""Entries of word lists are found as readers would find them, and in no text's inside."""

# ruff: noqa: RUF001 - letters of many alphabets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.cleaning import cleaned
from moderation.model.comments import MAX_TEXT_LENGTH
from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput
from moderation.model.word_lists import LONGEST_ENTRY, MOST_ENTRIES, WordList
from moderation.word_matching import MOST_FOUND, check_entries, words_in


def listed(*entries: str, name: str = "a") -> WordList:
    return WordList(name, Action.FLAG, entries)


FOUND = [
    ("scum", "You SCUM!"),
    ("scum", "scum"),
    ("scum", "you_scum_"),
    ("Müll", "so ein MULL"),
    ("muell", "ＭＵＥＬＬ"),
    ("scum*", "scumbags everywhere"),
    ("scum*", "scum"),
    ("*scum", "eurosCUM"),
    ("*cum*", "a document"),
    ("go home", "Go,  home!"),
    ("go home", "go\nhome"),
    ("c++", "I like C++."),
    ("f*ck", "what the f*ck"),
    ("don't care", "I DON’T care"),
    ("坏蛋", "你是坏蛋吗"),
    ("сука", "СУКА"),
    ("🍆", "look 🍆🍆"),
    ("/b[o0]{2,}bs?/", "BOOOb"),
    ("/É/", "cafÉ"),
    ("/\\d{4} \\d{4}/", "call 0123 4567 now"),
    ("idiot", "you 1d10t"),
    ("idiot", "i.d.i.o.t"),
    ("idiot", "id\u200biot"),
]
NOT_FOUND = [
    ("cunt", "Scunthorpe"),
    ("ass", "a class assignment"),
    ("ass", "grass"),
    ("go home", "going home"),
    ("go home", "go right home"),
    ("scum*", "oscumo"),
    ("*scum", "scumbag"),
    ("c++", "c"),
    ("f*ck", "fork"),
    ("/x{3}/", "xx"),
    ("a.c", "abc"),
]


@pytest.mark.parametrize(("entry", "text"), FOUND)
def test_an_entry_is_found_however_it_is_written(entry: str, text: str) -> None:
    assert words_in([listed(entry)], text, cleaned(text)) == (entry,)


@pytest.mark.parametrize(("entry", "text"), NOT_FOUND)
def test_nothing_is_found_inside_of_other_words(entry: str, text: str) -> None:
    check_entries([listed(entry)])
    assert words_in([listed(entry)], text, cleaned(text)) == ()


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_word_is_found_in_whatever_stands_around_it(before: str, after: str) -> None:
    assert words_in([listed("vermin")], f"{before} vermin {after}") == ("vermin",)


def test_entries_come_in_their_order_each_once_and_not_too_many() -> None:
    many = tuple(f"w{n}" for n in range(MOST_FOUND + 5))
    lists = [listed("b", "a"), listed("a", "c", name="b"), listed(*many, name="c")]
    found = words_in(lists, f"c a b {' '.join(many)}")
    assert found == ("b", "a", "c", *many[:MOST_FOUND])


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("/(a/", "missing )"),
        ("/a**/", "bad repetition operator"),
        ("/(?<=a)b/", "invalid"),
        ("/(a)\\1/", "invalid escape"),
        ("/\\pL{100}x/", "too large"),
        ("/a*/", "found in every text"),
        ("*", "write a word"),
        ("**", "write a word"),
    ],
)
def test_an_entry_that_nothing_can_be_made_of_is_refused(entry: str, said: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be used") as refused:
        check_entries([listed("fine"), listed(entry, name="b")])
    (error,) = refused.value.errors
    assert error.pointer == "/word_lists/1/entries"
    assert error.detail.startswith(f"{entry}: ")
    assert said in error.detail


def test_lists_that_take_too_much_memory_are_refused() -> None:
    large = [f"/(?:[^{letter}]{{10}}.{{10}}){{10}}{n}/" for letter in "abcdef" for n in range(150)]
    with pytest.raises(InvalidInput, match="too large"):
        check_entries([listed(*large)])
    with pytest.raises(InvalidInput, match="too large"):
        words_in([listed(*large)], "a")


def test_the_longest_lists_can_be_used() -> None:
    longest = tuple(f"{n:04}{'x' * (LONGEST_ENTRY - 4)}" for n in range(MOST_ENTRIES))
    lists = [listed(*longest)]
    check_entries(lists)
    assert words_in(lists, f"so {longest[777]} it is") == (longest[777],)


HOSTILE = {
    "for backtracking": "a" * (MAX_TEXT_LENGTH - 1) + "!",
    "edges": "a " * (MAX_TEXT_LENGTH // 2),
    "no words": "!" * MAX_TEXT_LENGTH,
    "beginnings": "ab" * (MAX_TEXT_LENGTH // 2),
    "unspaced": "坏" * MAX_TEXT_LENGTH,
    "accents": "e\u0301" * (MAX_TEXT_LENGTH // 2),
    "controls": "\x01\x02" * (MAX_TEXT_LENGTH // 2),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_longest_text_is_looked_through_once(text: str) -> None:
    # Whatever tries again where it failed would not come back from these.
    entries = ["/(a*)*c/", "/(a|aa)+c/", "/(.*)(.*)(.*)(.*)d/", "/(a+)+(ab)+e/"]
    entries += [f"{'ab' * n}c" for n in range(1, 40)] + ["a b c", "坏 蛋"]
    assert words_in([listed(*entries)], text, text) == ()
