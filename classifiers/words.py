"""Words: where they stand in a text, however they are written."""

import re

from classifiers.cleaning import COMBINING, INVISIBLE

LONGEST = 50
"""Characters, not counting what is written over them; what has no spaces is cut into as many."""

_OVER = f"[{COMBINING}{INVISIBLE}]*+"
_LETTER = rf"[^\W\d_]{_OVER}"
_APART = rf"(?<![^\W_]){_LETTER}(?:[ .,/]{_LETTER}){{2,{LONGEST - 1}}}(?![^\W_])"
"""i d i o t is one word, like 1d10t, a$$hole and f***."""

_WORD = re.compile(
    rf"{_APART}|(?:[^\s.,;:?()\[\]{{}}<>\"“”„«»…/\\—–]{_OVER}){{1,{LONGEST}}}+"  # noqa: RUF001 - a dash
)
_BEFORE, _AFTER = "-'‘’", "-'‘’!"  # noqa: RUF001 - quotation marks


def words_of(text: str) -> list[slice]:
    """Return where the words are, in order, without quotation marks and the like around them."""
    found = map(_trimmed, _WORD.finditer(text))
    return [word for word in found if word.start < word.stop]


def _trimmed(match: re.Match[str]) -> slice:
    end = match[0].lstrip(_BEFORE)
    start = match.end() - len(end)
    return slice(start, start + len(end.rstrip(_AFTER)))
