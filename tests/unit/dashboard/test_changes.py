"""Edits word by word, at a cost that no text can raise."""

import random
import time

import pytest

from api.dashboard.changes import MOST_PARTS, Change, Part, edits
from api.dashboard.display import MOST_CHIPS, Kind
from moderation.model.comments import MAX_TEXT_LENGTH

DRAW = random.Random(7)  # noqa: S311 - nothing secret


def written(parts: list[Part] | None) -> str:
    signs = {Change.GONE: "[-%s-]", Change.NEW: "{+%s+}", Change.LEFT_OUT: "...%s"}
    assert parts is not None
    return "".join(
        signs.get(part.change, "%s")
        % (part.left_out or "".join(piece.text for piece in part.pieces))
        for part in parts
    )


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("You are wrong.", "You are an idiot.", "You are[- wrong.-]{+ an idiot.+}"),
        ("Go home.", "Go home. Now.", "Go home.{+ Now.+}"),
        ("one two three", "one three", "one[- two-] three"),
        ("", "Hello", "{+Hello+}"),
        ("a  b", "a b", "a[-  b-]{+ b+}"),
        ("line\nother", "line\nsame", "line[-\nother-]{+\nsame+}"),
        ("\u6211\u4eec\u53bb", "\u6211\u4eec\u6765", "\u6211\u4eec[-\u53bb-]{+\u6765+}"),
        ("idiot", "idi\u200bot", "[-idiot-]{+idiU+200Bot+}"),
    ],
)
def test_words_that_went_and_came_are_marked(old: str, new: str, seen: str) -> None:
    assert written(edits([old, new])[0]) == seen


def test_each_text_is_compared_with_the_one_before() -> None:
    assert [written(found) for found in edits(["a", "a b", "a b c"])] == ["a{+ b+}", "a b{+ c+}"]
    assert edits(["a"]) == []


def test_of_what_stayed_the_same_only_the_ends_are_shown() -> None:
    same = "word " * 200
    assert written(edits([f"{same}old", f"{same}new"])[0]).count("word") < 70
    assert "...699" in written(edits([f"{same}old", f"{same}new"])[0])


def words(vocabulary: int) -> str:
    return " ".join(f"w{DRAW.randrange(vocabulary)}" for _ in range(7_000))[:MAX_TEXT_LENGTH]


HOSTILE = {
    "few words": lambda: words(3),
    "many words": lambda: words(500),
    "letters": lambda: " ".join(DRAW.choice("ab") for _ in range(10_000)),
    "every second word": lambda: " ".join(f"x y{DRAW.random():.5f}" for _ in range(1_600)),
    "without spaces": lambda: "".join(chr(0x4E00 + DRAW.randrange(50)) for _ in range(20_000)),
    "invisible": lambda: DRAW.choice("\u202e\u202d\u200b") * MAX_TEXT_LENGTH,
    "marks": lambda: " ".join("z" + "\u0301" * 20 for _ in range(900)) + str(DRAW.random()),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_makes_comparing_dear_or_its_page_long(kind: str) -> None:
    texts = [HOSTILE[kind]() for _ in range(11)]
    begun = time.process_time()
    found = edits(texts)
    # Some 50 ms; comparing them without a bound takes minutes.
    assert time.process_time() - begun < 1.0
    for parts in filter(None, found):
        chips = [piece for part in parts for piece in part.pieces if piece.kind is Kind.CHIP]
        assert len(chips) <= MOST_CHIPS
        assert len(parts) <= 2 * MOST_PARTS


def test_after_an_edit_that_is_too_dear_the_others_are_still_compared() -> None:
    dear = [" ".join(DRAW.choice("ab") for _ in range(10_000)) for _ in range(2)]
    found = edits(["one", "two", *dear, "three"])
    assert found[2] is None
    assert written(found[0]) == "[-one-]{+two+}"
