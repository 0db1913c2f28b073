"""Cleaning: a text as it reads once the tricks are undone that hide its words.

What comes out is for a classifier's second look only: nobody is shown it, and the text itself is
classified too. The steps are pure, linear in the text's length, and never make it longer.
"""

import re
import unicodedata

from classifiers.cleaning.lookalikes import LATIN_LOOKING, without_lookalikes, without_styles
from classifiers.cleaning.spellings import joined, shortened, written_out

RULES = 1
"""Counts up with every change of what `cleaned` answers: scores belong to a version."""

_PART_OF_WORD = f"A-Za-z0-9@$!|*#_{LATIN_LOOKING}"
"""In brackets: what a word may be written in, plainly or not."""

COMBINING = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20e2\u20e4-\u20ff"
_MARK = re.compile(f"[{COMBINING}]")
_MARKED = re.compile(f"([{_PART_OF_WORD}])([{COMBINING}]++)")
_MOST_MARKS = 4
"""No letter of a language has more, and to sort thousands would not be linear."""

INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_SPLIT = re.compile(f"(?<=[{_PART_OF_WORD}])[{INVISIBLE}]++(?=[{_PART_OF_WORD}])")


def cleaned(text: str) -> str:
    """Return the text with hidden words written out; the same text where there is none.

    Cleaning what is clean changes nothing.
    """
    return written_out(shortened(joined(in_plain_letters(text))))


def in_plain_letters(text: str) -> str:
    """Return the text with Latin words in the letters that readers take them for.

    Nothing is guessed here, unlike at spellings: this is what the text looks like.
    """
    if text.isascii():
        return text
    return without_lookalikes(_unsplit(_unmarked(without_styles(text))))


def _unmarked(text: str) -> str:
    """Take off marks that make no letter with what they stand on: strokes, stacks of accents.

    An accented letter of one piece or of several stays what it is.
    """
    return _MARKED.sub(_composed, text) if _MARK.search(text) else text


def _composed(marked: re.Match[str]) -> str:
    letter, marks = marked.groups()
    composed = unicodedata.normalize("NFC", letter + marks[:_MOST_MARKS])
    return marked[0] if len(composed) == 1 and len(marks) <= _MOST_MARKS else composed[0]


def _unsplit(text: str) -> str:
    """Take out what is invisible inside Latin words.

    Joiners in emoji, Persian and Hindi stand between other characters; marks of direction, and a
    soft hyphen in an honest word, say nothing that is read.
    """
    return _SPLIT.sub("", text) if _UNSEEN.search(text) else text
