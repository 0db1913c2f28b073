"""Look-alikes: characters that a reader takes for a Latin letter and a tokenizer does not.

The pairs are those of Unicode's confusables (UTS 39, version 15.1): single letters of the Basic
Multilingual Plane whose prototype is one ASCII letter and that compatibility normalisation leaves
as they are. They stand here and not in a library, because scores may only change with the version
that policies are bound to (decision 0011).
"""
# ruff: noqa: RUF001 - letters that look like others are what this is about

import re
import unicodedata
from collections.abc import Iterator, Mapping

from classifiers.cleaning.known_words import known_words

_OTHER_SCRIPTS = {
    "A": "ΑАᎪᗅꓮ",
    "B": "ΒВᏴᗷꓐ",
    "C": "ϹⲤСᏟꓚ",
    "D": "Ꭰᗞᗪꓓ",
    "E": "ΕЕⴹᎬꓰ",
    "F": "Ϝᖴꓝ",
    "G": "ԌᏀᏳꓖ",
    "H": "ΗⲎНᎻᕼꓧ",
    "I": "ΙⲒІӀ",
    "J": "ͿЈᎫᒍꓙ",
    "K": "ΚⲔКᏦꓗ",
    "L": "ⳐᏞᒪꓡ",
    "M": "ΜϺⲘМᎷᗰꓟ",
    "N": "ΝⲚꓠ",
    "O": "ΟⲞОՕⵔꓳ",
    "P": "ΡⲢРᏢᑭꓑ",
    "Q": "ⵕ",
    "R": "ᎡᏒᖇꓣ",
    "S": "ЅՏᏕᏚꓢ",
    "T": "ΤⲦТᎢꓔ",
    "U": "Սᑌꓴ",
    "V": "ѴⴸᏙᐯꓦ",
    "W": "ԜᎳᏔꓪ",
    "X": "ΧⲬХⵝꓫ",
    "Y": "ΥⲨУҮᎩᎽꓬ",
    "Z": "ΖᏃꓜ",
    "a": "αа",
    "b": "ЬᏏᑲᖯ",
    "c": "ϲⲥсꮯ",
    "d": "ԁᏧᑯꓒ",
    "e": "еҽ",
    "f": "ք",
    "g": "ց",
    "h": "һհᏂ",
    "i": "ιіꙇӏꭵᎥ",
    "j": "ϳј",
    "l": "ꓲ",
    "n": "ոռ",
    "o": "οσⲟоჿօ",
    "p": "ρⲣр",
    "q": "ԛգզ",
    "r": "ᴦⲅгꮁ",
    "s": "ѕꮪ",
    "u": "υս",
    "v": "νѵꮩ",
    "w": "ѡԝաꮃ",
    "x": "хᕁᕽ",
    "y": "γуүყ",
    "z": "ꮓ",
}

_LATIN = {
    "a": "ɑᴀ",
    "b": "Ƅʙ",
    "c": "ᴄ",
    "d": "ᴅ",
    "e": "ꬲᴇ",
    "f": "ꬵꞙẝꜰ",
    "g": "ɡᶃƍɢ",
    "h": "ʜ",
    "i": "ıɪɩ",
    "j": "ᴊ",
    "k": "ᴋ",
    "l": "ʟ",
    "m": "ᴍ",
    "n": "ɴ",
    "o": "ᴏᴑꬽ",
    "p": "ᴘ",
    "q": "ꞯ",
    "r": "ꭇꭈʀ",
    "s": "ꜱƽ",
    "t": "ᴛ",
    "u": "ꞟᴜꭎꭒʋ",
    "v": "ᴠ",
    "w": "ɯᴡ",
    "y": "ɣᶌʏỿꭚ",
    "z": "ᴢ",
}
"""Among them small capitals. Some are letters of a language, as ı of Turkish."""

_SIMILAR = {
    "b": "вβ",
    "e": "ε",
    "h": "н",
    "k": "кκ",
    "m": "м",
    "n": "пη",
    "r": "я",
    "t": "тτ",
    "w": "ωшщ",
}
"""What passes for a Latin letter among Latin letters only, and is not in Unicode's list."""


def _flat(*tables: Mapping[str, str]) -> dict[str, str]:
    return {
        strange: plain for table in tables for plain, all_of in table.items() for strange in all_of
    }


_ANY = str.maketrans(_flat(_OTHER_SCRIPTS, _LATIN))
_AMONG_LATIN = str.maketrans(_flat(_OTHER_SCRIPTS, _SIMILAR))

_STYLED_BLOCKS = (
    range(0x02B0, 0x02E4),
    range(0x1D2C, 0x1DBC),
    range(0x2071, 0x209D),
    range(0x2102, 0x2180),
    range(0x249C, 0x24EA),
    range(0xFF21, 0xFF5B),
    range(0x1D400, 0x1D6A4),
    range(0x1F110, 0x1F18A),
)
"""Where Unicode keeps letters in bold, in circles, raised, full width and the like."""


def _styled() -> Iterator[tuple[str, str]]:
    for block in _STYLED_BLOCKS:
        for character in map(chr, block):
            letter = unicodedata.normalize("NFKC", character).strip("()")
            if "NEGATIVE" in unicodedata.name(character, ""):
                letter = unicodedata.name(character)[-1]
            if len(letter) == 1 and letter.isascii() and letter.isalpha():
                yield character, letter


_STYLED = dict(_styled())
_STYLED_LETTER = re.compile(
    # By blocks: a class of a thousand single characters is slow.
    f"[{''.join(f'{chr(block[0])}-{chr(block[-1])}' for block in _STYLED_BLOCKS)}]"
)
LATIN_LOOKING = "".join(_flat(_OTHER_SCRIPTS, _LATIN, _SIMILAR))
_STRANGE_LETTER = re.compile(f"[{LATIN_LOOKING}]")
_WORD = re.compile(r"[^\W\d_]+")

SHORTEST = 3
"""Letters of a word that is read as Latin although none of its letters is."""


def without_styles(text: str) -> str:
    """Write bold, circled, wide and raised letters as plain ones, one for one.

    They are Latin letters to every reader, so nothing can be lost. Compatibility normalisation of
    all else stays undone: it makes 18 characters of one, 2 of ½ and ordinary letters of ª and º.
    """
    return _STYLED_LETTER.sub(lambda match: _STYLED.get(match[0], match[0]), text)


def without_lookalikes(text: str) -> str:
    """Write words in Latin letters that only look Latin.

    A word that mixes scripts is a disguise if every strange letter in it looks like a Latin one:
    kΩ, ΔT and naïve stay. A word without any Latin letter must besides make a known English
    word: Cyrillic and Greek sentences stay what they are, for a person who can read them.
    """
    if not _STRANGE_LETTER.search(text):
        return text
    return _WORD.sub(lambda match: _latin(match[0]), text)


def _latin(word: str) -> str:
    if word.isascii():
        return word
    plain = word.translate(_ANY)
    if plain.isascii() and len(plain) >= SHORTEST and plain.lower() in known_words().ranks:
        return plain
    if any(letter.isascii() for letter in word):
        plain = word.translate(_AMONG_LATIN)
        return plain if plain.isascii() else word
    return word
