"""How texts are cut up for searching, and what is found by what."""

import pytest

from moderation.model.comments import Author, Thread
from moderation.model.words import Field, sought_in, terms_of, words_in


def finds(typed: str, text: str) -> bool:
    """Say whether a search for what was typed finds a text, as both databases answer it."""
    words = words_in(text)
    sought = [(one.term[1:], one.begins) for one in sought_in(Field.TEXT, typed)]
    return bool(sought) and all(
        any(word.startswith(term) if begins else word == term for word in words)
        for term, begins in sought
    )


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("idiot", "You IDIOTS!"),
        ("you idiot", "Idiot, you"),
        ("the", "over the river"),
        ("50%", "50% of all"),
        ("cafe", "Das Café"),
        ("CAFÉ", "das cafe"),
        ("strasse", "Straßenbahn"),
        ("driver", "tram_driver_99"),
        ("привет", "Привет!"),
        ("النهر", "عبر النَّهر"),
        ("东京", "我爱东京都"),
        ("京都", "我爱东京都"),
        ("爱", "我爱东京都"),
        ("都", "我爱东京都"),
        ("トラム", "今日のトラムは"),
        ("हिन्दी", "मेरी हिन्दी।"),
        ("\uff46\uff55\uff4c\uff4c", "full"),
        ("a" * 60, "a" * 60),
    ],
)
def test_a_text_is_found(typed: str, text: str) -> None:
    assert finds(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("the", "these"),
        ("diot", "idiot"),
        ("idiot river", "idiot"),
        ("हद", "हिन्दी"),
        ("京东", "东京"),
        ("…!", "…!"),
        ("", "text"),
    ],
)
def test_a_text_is_not_found(typed: str, text: str) -> None:
    assert not finds(typed, text)


def test_each_field_is_found_by_its_own_words() -> None:
    thread = Thread(id="t-1", url="https://example.org/trams", title="Trams", section="City")
    terms = terms_of("Good morning", Author(id="u7", name="Karim"), thread)
    assert {"tgood", "tmorning", "akarim", "au7", "hcity", "htrams", "hexample"} < terms
    assert not {"tkarim", "hgood", "acity"} & terms


def test_an_erased_comment_is_found_by_its_thread_only() -> None:
    assert terms_of(None, Author(), Thread(title="Trams")) == {"htrams"}
