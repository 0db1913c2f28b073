"""Known words: what a disguised word is likely to have been."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LIST = Path(__file__).parent / "often_masked.txt"

LONGEST = 20
"""Letters; hardly a word has more."""


@dataclass(frozen=True, slots=True)
class KnownWords:
    """English words in small letters; a lower rank is a more frequent word.

    `masked` are those that people often mask or that insult, the likeliest first, by their number
    of letters: the vocabulary alone would make `shot` of sh*t and `laser` of l*ser.
    """

    ranks: Mapping[str, int]
    masked: Mapping[int, Sequence[str]]

    def likeliest(self, spellings: Iterable[str]) -> str | None:
        """Return the likeliest word among these spellings; None where none is a word.

        That is one that is often masked, else the most frequent one.
        """
        words = [spelling for spelling in spellings if spelling in self.ranks]
        often = [word for word in words if self.is_often_masked(word)]
        return min(often or words, key=self.ranks.__getitem__, default=None)

    def masked_as(self, spelling: str, masks: str) -> str | None:
        """Return the word that is likeliest to be written so, with masks for letters."""
        for word in self.masked.get(len(spelling), ()):
            if all(a == b or a in masks for a, b in zip(spelling, word, strict=True)):
                return word
        return None

    def is_often_masked(self, word: str) -> bool:
        """Say whether people mask this word."""
        return word in self.masked.get(len(word), ())

    def counts(self, word: str, shortest: int) -> bool:
        """Say whether a word is long enough to be no accident, or often masked."""
        return len(word) >= shortest or self.is_often_masked(word)


@lru_cache(maxsize=1)
def known_words() -> KnownWords:
    """Read the words, once: the whole ones of the vocabulary that ships, and the list's.

    The vocabulary is in order of frequency. Raises NotConfigured where it is another file.
    """
    # That package imports this one, for its second view.
    from classifiers.compact.manifest import read_manifest  # noqa: PLC0415

    vocabulary = json.loads(read_manifest().tokenizer.read())["model"]["vocab"]
    ranks = {word: rank for word, rank in vocabulary.items() if word.isalpha() and word.isascii()}
    masked = LIST.read_text(encoding="utf-8").split()
    for word in masked:
        ranks.setdefault(word, len(vocabulary))
    lengths = {len(word) for word in masked}
    return KnownWords(
        ranks=ranks,
        masked={length: [word for word in masked if len(word) == length] for length in lengths},
    )
