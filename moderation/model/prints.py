"""Prints: terms by which texts find each other that say the same, or nearly so.

One print stands for all letters and digits in their order, so neither case, accents, spaces,
punctuation nor invisible characters make a difference. The others are for texts that are alike: of
each text the least hashes of its sequences of five letters (one permutation MinHash), three
together, so that two texts share one of these more likely the more of their sequences they share.
"""

import re
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from moderation.model.comments import MAX_TEXT_LENGTH
from moderation.model.folding import WORD, folded

TOGETHER = 5
"""Letters of a sequence."""
SHORTEST = 40
"""Letters from which on a text has prints for those alike; shorter ones share too little."""
MOST = MAX_TEXT_LENGTH
"""Letters that count: some characters are many once they are folded."""
BANDS, ROWS = 6, 3
"""How many such prints, and of how many hashes each; `docs/moderating.md` says what they find."""
BINS = BANDS * ROWS

_SAME, _ALIKE = "e", "n"
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")


@dataclass(frozen=True, slots=True)
class Cut:
    """A folded text, cut up once for all that is made of it: its letters, and its least hashes.

    Of a short text there are no hashes. Each stands behind the steps to the bin that lent it.
    """

    bare: str
    letters: str
    least: tuple[tuple[int, int], ...]

    @property
    def terms(self) -> frozenset[str]:
        """All prints, as terms of the search index."""
        return _same(self.letters) | _alike(self.least)


def cut_up(text: str) -> Cut:
    """Cut up a text as readers see it."""
    bare = folded(text)
    return Cut(bare, _all_letters(bare), _least(_sequences(bare)))


def prints_of(text: str) -> frozenset[str]:
    """Return all prints of a text as readers see it."""
    return cut_up(text).terms


def same_print(text: str) -> frozenset[str]:
    """Return the print that texts with the same letters share; none of a text of blanks."""
    return _same(_all_letters(folded(text)))


def alike_prints(text: str) -> frozenset[str]:
    """Return the prints of which texts that are alike share some; none of a short text."""
    return _alike(cut_up(text).least)


def sequences_of(text: str) -> frozenset[int]:
    """Return the hashes of a text's sequences of letters; none of a short text.

    Addresses are left out: of the same advertisement each copy may lead elsewhere.
    """
    return frozenset(_sequences(folded(text)))


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """Return which part of two texts' sequences both have, from 0 to 1 (Jaccard)."""
    return len(one & other) / len(one | other) if one and other else 0.0


def without_addresses(bare: str) -> str:
    """Return the letters of a folded text that stand in no web address."""
    return "".join(WORD.findall(_ADDRESS.sub(" ", bare)))


def digest(letters: str) -> str:
    """Return what stands for letters, as 16 hexadecimal digits."""
    return sha256(letters.encode()).hexdigest()[:16]


def _all_letters(bare: str) -> str:
    """Return the letters of a folded text, or all characters of one without letters."""
    return "".join(WORD.findall(bare)) or "".join(bare.split())


def _same(letters: str) -> frozenset[str]:
    return frozenset({_SAME + digest(letters)}) if letters else frozenset()


def _sequences(bare: str) -> list[int]:
    letters = without_addresses(bare)[:MOST]
    if len(letters) < SHORTEST:
        return []
    starts = range(len(letters) - TOGETHER + 1)
    if letters.isascii():
        # The same for one byte a letter, and faster: each comment is cut up as it is decided.
        cut = letters.encode()
        return [zlib.crc32(cut[start : start + TOGETHER]) for start in starts]
    return [zlib.crc32(letters[start : start + TOGETHER].encode()) for start in starts]


def _alike(least: Sequence[tuple[int, int]]) -> frozenset[str]:
    rows = [list(least[start : start + ROWS]) for start in range(0, len(least), ROWS)]
    return frozenset(
        f"{_ALIKE}{band}{zlib.crc32(repr(row).encode()):08x}" for band, row in enumerate(rows)
    )


def _least(hashes: Collection[int]) -> tuple[tuple[int, int], ...]:
    """Return for each bin its least hash; an empty one borrows from the next that is not."""
    if not hashes:
        return ()
    found: dict[int, int] = {}
    # From the least on each bin is soon filled: a fifth of a text's hashes are looked at.
    for value in sorted(hashes):
        if found.setdefault(value % BINS, value) == value and len(found) == BINS:
            break
    if len(found) == BINS:
        return tuple((0, found[place]) for place in range(BINS))
    return tuple(_lent(found, place) for place in range(BINS))


def _lent(found: Mapping[int, int], place: int) -> tuple[int, int]:
    steps = next(n for n in range(BINS) if (place + n) % BINS in found)
    return steps, found[(place + steps) % BINS]
