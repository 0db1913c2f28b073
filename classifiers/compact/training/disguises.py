"""Disguises: how people write words so that a filter does not read them, for training and tests."""

import random
import re
from collections.abc import Callable

Disguise = Callable[[str, random.Random], str]

LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "l": "1", "b": "8", "g": "9"}
LOOKALIKES = dict(zip("aeocpxiy", "\u0430\u0435\u043e\u0441\u0440\u0445\u0456\u0443", strict=True))
"""Cyrillic letters that look like Latin ones."""

INVISIBLE = "\u200b\u200c\u00ad\u2060"
SHORTEST = 4
"""Shorter words are left alone: nobody disguises "the"."""


def disguised(text: str, source: random.Random, share: float = 0.3) -> str:
    """Disguise about so large a share of a text's longer words, in one way each."""

    def change(match: re.Match[str]) -> str:
        word = match[0]
        if len(word) < SHORTEST or source.random() > share:
            return word
        return source.choice(DISGUISES)(word, source)

    return re.sub(r"[A-Za-z]+", change, text)


def _leet(word: str, source: random.Random) -> str:
    return "".join(source.choice(LEET.get(letter.lower(), letter)) for letter in word)


def _lookalikes(word: str, _source: random.Random) -> str:
    return "".join(LOOKALIKES.get(letter, letter) for letter in word)


def _spaced(word: str, source: random.Random) -> str:
    return source.choice(" .-_").join(word)


def _stretched(word: str, source: random.Random) -> str:
    at = source.randrange(len(word))
    return word[:at] + word[at] * source.randint(3, 6) + word[at + 1 :]


def _masked(word: str, source: random.Random) -> str:
    at = source.randrange(1, len(word) - 1)
    return word[:at] + source.choice("*#_") + word[at + 1 :]


def _split(word: str, source: random.Random) -> str:
    at = source.randrange(1, len(word))
    return word[:at] + source.choice(INVISIBLE) + word[at:]


def _swapped(word: str, source: random.Random) -> str:
    at = source.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


DISGUISES: tuple[Disguise, ...] = (
    _leet,
    _lookalikes,
    _spaced,
    _stretched,
    _masked,
    _split,
    _swapped,
)
