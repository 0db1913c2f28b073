"""Prints: terms by which texts find each other that say the same, or nearly so.

One print stands for all letters and digits in their order, so neither case, accents, spaces,
punctuation nor invisible characters make a difference. The others are for texts that are alike: of
each text the least hashes of its sequences of five letters (one permutation MinHash), three
together, so that two texts share one of these more likely the more of their sequences they share.
"""

import re
import zlib
from hashlib import sha256

from moderation.model.comments import MAX_TEXT_LENGTH
from moderation.model.folding import WORD, folded
from moderation.model.ids import SiteId

TOGETHER = 5
"""Letters of a sequence."""
SHORTEST = 40
"""Letters from which on a text has prints for those alike; shorter ones share too little."""
MOST = MAX_TEXT_LENGTH
"""Letters that count: some characters are many once they are folded."""
BANDS, ROWS = 6, 3
"""How many such prints, and of how many hashes each; `docs/moderating.md` says what they find."""

SHORTEST_REPEATED = 20
"""Bytes of letters from which on a repeated text says something: many say "Thanks!". They are some
20 letters of Latin script, and seven of Chinese."""

_SAME, _ALIKE = "e", "n"
_BINS = BANDS * ROWS
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")


def prints_of(text: str) -> frozenset[str]:
    """Return all prints of a text as readers see it."""
    bare = folded(text)
    return _same(bare) | _alike(_sequences(bare))


def same_print(text: str) -> frozenset[str]:
    """Return the print that texts with the same letters share; none of a text of blanks."""
    return _same(folded(text))


def number_of(text: str, site_id: SiteId) -> int | None:
    """Return the print by which a site's repeats are counted, a number; None of a short text.

    At another site the same text has another one.
    """
    letters = _all_letters(folded(text))
    if len(letters.encode()) < SHORTEST_REPEATED:
        return None
    # A signed column holds no more bits.
    return int(_digest(f"{site_id.hex} {letters}"), 16) >> 1


def alike_prints(text: str) -> frozenset[str]:
    """Return the prints of which texts that are alike share some; none of a short text."""
    return _alike(sequences_of(text))


def sequences_of(text: str) -> frozenset[int]:
    """Return the hashes of a text's sequences of letters; none of a short text.

    Addresses are left out: of the same advertisement each copy may lead elsewhere.
    """
    return _sequences(folded(text))


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """Return which part of two texts' sequences both have, from 0 to 1 (Jaccard)."""
    return len(one & other) / len(one | other) if one and other else 0.0


def _letters(bare: str) -> str:
    return "".join(WORD.findall(bare))


def _all_letters(bare: str) -> str:
    """Return the letters of a folded text, or all characters of one without letters."""
    return _letters(bare) or "".join(bare.split())


def _same(bare: str) -> frozenset[str]:
    letters = _all_letters(bare)
    if not letters:
        return frozenset()
    return frozenset({_SAME + _digest(letters)})


def _digest(letters: str) -> str:
    return sha256(letters.encode()).hexdigest()[:16]


def _sequences(bare: str) -> frozenset[int]:
    letters = _letters(_ADDRESS.sub(" ", bare))[:MOST]
    if len(letters) < SHORTEST:
        return frozenset()
    ends = range(TOGETHER, len(letters) + 1)
    return frozenset(zlib.crc32(letters[end - TOGETHER : end].encode()) for end in ends)


def _alike(sequences: frozenset[int]) -> frozenset[str]:
    if not sequences:
        return frozenset()
    least = _least(sequences)
    rows = [least[start : start + ROWS] for start in range(0, _BINS, ROWS)]
    return frozenset(
        f"{_ALIKE}{band}{zlib.crc32(repr(row).encode()):08x}" for band, row in enumerate(rows)
    )


def _least(hashes: frozenset[int]) -> list[tuple[int, int]]:
    """Return for each bin its least hash; an empty one borrows from the next that is not."""
    found: dict[int, int] = {}
    for value in hashes:
        place = value % _BINS
        if value < found.get(place, 1 << 32):
            found[place] = value
    least = []
    for place in range(_BINS):
        steps = next(n for n in range(_BINS) if (place + n) % _BINS in found)
        least.append((steps, found[(place + steps) % _BINS]))
    return least
