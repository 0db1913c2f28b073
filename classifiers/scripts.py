"""Scripts: whether a classifier has ever seen the letters that a text is written in."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from itertools import groupby


class Script(StrEnum):
    """A script, by the word that stands in the Unicode names of its letters."""

    LATIN = "LATIN"
    CYRILLIC = "CYRILLIC"
    ARABIC = "ARABIC"
    ARMENIAN = "ARMENIAN"
    BENGALI = "BENGALI"
    DEVANAGARI = "DEVANAGARI"
    GEORGIAN = "GEORGIAN"
    GREEK = "GREEK"
    HAN = "CJK"
    HANGUL = "HANGUL"
    HEBREW = "HEBREW"
    HIRAGANA = "HIRAGANA"
    KATAKANA = "KATAKANA"
    TAMIL = "TAMIL"
    THAI = "THAI"


_LATIN = frozenset({Script.LATIN})
_NOT_LATIN_ALONE: Mapping[str, frozenset[Script]] = {
    **dict.fromkeys(("ar", "fa", "ur"), frozenset({Script.ARABIC})),
    **dict.fromkeys(("bg", "mk", "ru", "uk"), frozenset({Script.CYRILLIC})),
    "bn": frozenset({Script.BENGALI}),
    "el": frozenset({Script.GREEK}),
    "he": frozenset({Script.HEBREW}),
    "hi": frozenset({Script.DEVANAGARI}),
    "hy": frozenset({Script.ARMENIAN}),
    "ja": frozenset({Script.HAN, Script.HIRAGANA, Script.KATAKANA}),
    "ka": frozenset({Script.GEORGIAN}),
    "ko": frozenset({Script.HANGUL}),
    "sr": frozenset({Script.CYRILLIC, Script.LATIN}),
    "ta": frozenset({Script.TAMIL}),
    "th": frozenset({Script.THAI}),
    "zh": frozenset({Script.HAN}),
}
"""The scripts of languages, by their codes; all others are written in Latin letters."""


MOST_ORNAMENTS = 3
"""Letters of other scripts in a text that may be read: as in a shrug, or the Ω of a formula."""

LONGEST_WITH_ORNAMENT = 2

_OF_NO_SCRIPT = frozenset("ªºµ")
_PARTS_OF_WORDS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Cf"})


def can_read(text: str, scripts: frozenset[Script]) -> bool:
    """Say whether the letters of a text are of these scripts, all but a few ornaments.

    An ornament stands alone, or beside one letter as in kΩ. More in one word are a word that nobody
    judged (one sentence of them is enough for a threat, however much else can be read), and one
    inside a longer word is a letter in disguise. A text without letters (numbers, emoji) has
    nothing that could be misread.
    """
    if Script.LATIN in scripts and text.isascii():
        return True
    ornaments = 0
    for word in _words(text):
        strange = sum(not _is_of(letter, scripts) for letter in word)
        if strange and (strange > 1 or len(word) > LONGEST_WITH_ORNAMENT):
            return False
        ornaments += strange
    return ornaments <= MOST_ORNAMENTS


def scripts_of(languages: Iterable[str]) -> frozenset[Script]:
    """Return the scripts that texts in these languages are written in."""
    return frozenset().union(*(_NOT_LATIN_ALONE.get(code, _LATIN) for code in languages))


def _words(text: str) -> Iterator[list[str]]:
    """Yield the letters of each word, whatever marks and invisible things stand between them."""
    for is_word, run in groupby(text, key=_is_part_of_word):
        if is_word:
            yield [character for character in run if character.isalpha()]


@lru_cache(maxsize=4096)
def _is_part_of_word(character: str) -> bool:
    return unicodedata.category(character) in _PARTS_OF_WORDS


@lru_cache(maxsize=4096)
def _is_of(letter: str, scripts: frozenset[Script]) -> bool:
    if letter in _OF_NO_SCRIPT or unicodedata.category(letter) == "Lm":
        return True
    words = unicodedata.name(letter, "").split()
    return any(script in words for script in scripts)
