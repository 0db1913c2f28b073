"""Grams: words, pairs of words and sequences of letters of a text, each as a number."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from moderation.model.folding import folded

Hashes = NDArray[np.uint32]

MOST_LETTERS = 2_000
"""Of a text: what comes after them is seldom what it is rejected for."""

SHORTEST, LONGEST = 3, 5
"""Letters of a sequence, with the blanks around words."""

FEWEST_COMMENTS = 3
"""What stands in fewer comments is forgotten: no weight tells of a single text."""

MOST_GRAMS = 1 << 15
"""Of which a head knows a weight: those in most comments."""

# Signs and emoji are words of their own.
_PIECE = re.compile(r"\w+|[^\w\s]")
_PRIME = np.uint32(0x9E3779B1)
"""Mixes bits: 2**32 by the golden ratio (Knuth)."""

_WORD, _PAIR = 1, 2
"""Where each kind starts to be hashed, so that they do not meet."""


def grams_of(text: str) -> Hashes:
    """Return the numbers of all grams of a text, each once, in order."""
    words = _PIECE.findall(folded(text[:MOST_LETTERS]))
    found = [_hash(word, _WORD) for word in words]
    found += [_hash(" ".join(pair), _PAIR) for pair in pairwise(words)]
    line = np.frombuffer(f" {' '.join(words)} ".encode("utf-32-le", "surrogatepass"), "<u4")
    sequences = (_sequences(line, length) for length in range(SHORTEST, LONGEST + 1))
    return np.unique(np.concatenate([np.array(found, dtype=np.uint32), *sequences]))


def _hash(words: str, start: int) -> int:
    return zlib.crc32(words.encode("utf-8", "surrogatepass"), start)


def _sequences(line: Hashes, length: int) -> Hashes:
    """Return a number for each sequence of so many letters: all at once, for texts are long."""
    many = max(len(line) - length + 1, 0)
    found = np.full(many, length, dtype=np.uint32)
    for at in range(length):
        found = (found ^ line[at : at + many]) * _PRIME
        found ^= found >> np.uint32(15)
    return found


def known_grams(texts: Iterable[Hashes]) -> Hashes:
    """Return the grams that stand in enough of these texts, in order; the rarest give way."""
    counts = Counter(gram for grams in texts for gram in grams.tolist())
    often = ((gram, many) for gram, many in counts.items() if many >= FEWEST_COMMENTS)
    first = islice(sorted(often, key=lambda one: (-one[1], one[0])), MOST_GRAMS)
    return np.array(sorted(gram for gram, _ in first), dtype=np.uint32)


def places_of(grams: Hashes, known: Hashes) -> NDArray[np.intp]:
    """Return where those grams of a text that are known stand among the known ones."""
    if not len(known):
        return np.zeros(0, dtype=np.intp)
    places = np.searchsorted(known, grams)
    places[places == len(known)] = 0
    found: NDArray[np.intp] = places[known[places] == grams]
    return found


def weight_of_each(grams: Hashes) -> float:
    """Return what a gram of this text counts: long texts have many, and shall not shout."""
    return float(1.0 / np.sqrt(max(len(grams), 1)))


def rows_of(
    texts: Sequence[Hashes], known: Hashes
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Return texts as a sparse matrix: rows, columns, values."""
    places = [places_of(grams, known) for grams in texts]
    lengths = [len(one) for one in places]
    rows = np.repeat(np.arange(len(texts)), lengths)
    values = np.repeat([weight_of_each(grams) for grams in texts], lengths)
    columns = np.concatenate([*places, np.zeros(0, dtype=np.intp)])
    return rows, columns, values
