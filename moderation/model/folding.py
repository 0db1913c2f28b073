"""Folding: letters made equal that people take for the same, for searching and comparing."""

import re
import unicodedata

# Letters and digits; of Indic, Thai and similar scripts their signs, which belong to the word.
WORD = re.compile(r"[\w\u0900-\u0963\u0966-\u109f\u1780-\u17d3]+")
# Accents of Latin, Greek and Cyrillic letters, Hebrew and Arabic vowel signs, the Arabic tatweel.
_ACCENTS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]")


def folded(text: str) -> str:
    """Make letters equal that people take for the same: capitals, accents, widths."""
    # Names are often written so: each part shall be found.
    spaced = text.replace("_", " ")
    if spaced.isascii():
        return spaced.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", spaced.casefold()))
    return unicodedata.normalize("NFKC", bare).casefold()
