"""Changes: what an edit took out of a text and put in, word by word.

Comparing and drawing are as dear as a stranger makes them, so their steps are counted beforehand,
and all edits of a page share a number of them; of what costs more both texts are shown on demand.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from enum import StrEnum
from itertools import accumulate

from api.dashboard.display import MOST_CHIPS, Kind, Piece, pieces

MOST_STEPS = 100_000
"""Of comparing, for all edits of a page: some 25 ms."""
MOST_DRAWN = 20_000
"""Characters that are drawn for all edits of a page; of ASCII, which is fast, 20 count as one."""
MOST_PARTS = 400
"""Of one edit; a page of more is no help and very long."""
LONGEST = {False: 2_000, True: 400}
"""Characters of a part, changed or the same, that are shown whole; of a longer one its two ends."""
ENDS = {False: 750, True: 150}

# A word with the blanks before it; what is written without spaces letter by letter.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORDS = re.compile(rf"[{_UNSPACED}]|\s*+[^\s{_UNSPACED}]+|\s+")


class Change(StrEnum):
    """What became of a part of a text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an edited text; of one that is left out, how many characters it has."""

    change: Change
    pieces: tuple[Piece, ...] = ()
    left_out: int = 0


class _TooDear(Exception):
    """It would take too long."""


class _Steps:
    """How many steps are left for all edits of a page."""

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, many: int) -> None:
        """Count steps before they are made. Raises _TooDear; what costs less may still be made."""
        if many > self._left:
            raise _TooDear
        self._left -= many


@dataclass(frozen=True, slots=True)
class _Budget:
    """What is left for all edits of a page."""

    comparing: _Steps
    drawing: _Steps


class _Counted(SequenceMatcher[str]):
    """Counts the steps of each search for a longest match before it is made."""

    def __init__(self, old: Sequence[str], new: Sequence[str], steps: _Steps) -> None:
        super().__init__(None, old, new, autojunk=False)
        self._steps = steps
        where = self.b2j  # type: ignore[attr-defined]
        self._before = [0, *accumulate(1 + len(where.get(word, ())) for word in old)]

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        end = len(self._before) - 1 if ahi is None else ahi
        self._steps.take(self._before[end] - self._before[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)


def edits(texts: Sequence[str]) -> list[list[Part] | None]:
    """Return what changed from each text to the next; None where it cannot be compared.

    The last edits are compared first, for they are looked at most.
    """
    budget = _Budget(_Steps(MOST_STEPS), _Steps(MOST_DRAWN))
    newest_first = range(len(texts) - 1, 0, -1)
    found = [_compared(texts[n - 1], texts[n], budget) for n in newest_first]
    return found[::-1]


def _compared(old: str, new: str, budget: _Budget) -> list[Part] | None:
    words = _WORDS.findall(old), _WORDS.findall(new)
    try:
        changed = list(_joined(_changes(*words, budget.comparing)))
        return list(_drawn(changed, budget.drawing)) if len(changed) <= MOST_PARTS else None
    except _TooDear:
        return None


def _changes(
    old: Sequence[str], new: Sequence[str], steps: _Steps
) -> Iterator[tuple[Change, Sequence[str]]]:
    # Most edits are small: what is the same at both ends costs next to nothing.
    start = _same_start(old, new)
    end = _same_start(old[start:][::-1], new[start:][::-1])
    middle = old[start : len(old) - end], new[start : len(new) - end]
    yield Change.SAME, old[:start]
    for kind, i, j, k, m in _Counted(*middle, steps).get_opcodes():
        if kind == "equal":
            yield Change.SAME, middle[0][i:j]
        else:
            yield Change.GONE, middle[0][i:j]
            yield Change.NEW, middle[1][k:m]
    yield Change.SAME, old[len(old) - end :]


def _same_start(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _joined(changes: Iterator[tuple[Change, Sequence[str]]]) -> Iterator[tuple[Change, str]]:
    for change, words in changes:
        if text := "".join(words):
            yield change, text


def _drawn(changed: Sequence[tuple[Change, str]], steps: _Steps) -> Iterator[Part]:
    """Make what cannot be seen visible, in all parts together as often as in one text."""
    chips = MOST_CHIPS
    for change, text in changed:
        for shown, left_out in _shortened(change, text):
            steps.take(1 + len(shown) // (20 if shown.isascii() else 1))
            found = tuple(pieces(shown, most_chips=chips))
            chips -= sum(piece.kind is Kind.CHIP for piece in found)
            yield Part(change, found)
            if left_out:
                yield Part(Change.LEFT_OUT, left_out=left_out)


def _shortened(change: Change, text: str) -> list[tuple[str, int]]:
    same = change is Change.SAME
    if len(text) <= LONGEST[same]:
        return [(text, 0)]
    end = ENDS[same]
    return [(text[:end], len(text) - 2 * end), (text[-end:], 0)]
