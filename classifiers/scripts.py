"""Scripts: whether a classifier has ever seen the letters that a text is written in."""

import unicodedata
from enum import StrEnum
from functools import lru_cache


class Script(StrEnum):
    """A script, by the word that stands in the Unicode names of its letters."""

    LATIN = "LATIN"
    CYRILLIC = "CYRILLIC"


def can_read(text: str, scripts: frozenset[Script]) -> bool:
    """Say whether at least half of a text's letters, or all but one, are of these scripts.

    One letter is an ornament, as in a shrug. A text without letters (numbers, emoji) has nothing
    that could be misread.
    """
    if Script.LATIN in scripts and text.isascii():
        return True
    letters = [character for character in text if character.isalpha()]
    known = sum(_script(letter) in scripts for letter in letters)
    return 2 * known >= len(letters) or len(letters) - known == 1


@lru_cache(maxsize=4096)
def _script(letter: str) -> Script | None:
    words = unicodedata.name(letter, "").split()
    return next((script for script in Script if script in words), None)
