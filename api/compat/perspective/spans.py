"""Spans: where the sentences of a comment stand, as Perspective counts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from moderation.markup import BREAKS
from moderation.model.comments import Format

MOST = 100
"""Sentences with a span of their own; the last one holds whatever follows, so that a comment of ten
thousand of them takes no longer than others."""

# A run of marks counts once, from its beginning: anything else would take quadratic time.
_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'\u201d\u2019)\]\x00]*+(?=\s)|[\u0964\u3002\uff01\uff1f]+|[\n\r]+"
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+)?+[^<>]*+>")
_INLINE = "\0"
"""Stands for each character of a tag; a text holds none when it comes here."""


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence as it was sent, from `begin` to before `end` in UTF-16 code units."""

    begin: int
    end: int
    text: str


def spans_of(text: str, written: Format) -> list[Span]:
    """Return the sentences of a text in order; at least one, and none without a word in it.

    In HTML no tag is cut, and what a browser sets on lines of their own are several sentences.
    """
    plain = text if written is Format.PLAIN else _TAG.sub(_covered, text)
    places = list(_places(plain)) or [(0, len(text))]
    if len(places) > MOST:
        places[MOST - 1 :] = [(places[MOST - 1][0], places[-1][1])]
    return list(_counted(text, places))


def whole(text: str) -> Span:
    """Return the span of all of a text: what is answered where no sentences are asked for.

    Perspective answers one in any case, and callers rely on it.
    """
    return Span(0, _units(text), text)


def _places(plain: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for end in (*(found.end() for found in _END.finditer(plain)), len(plain)):
        piece = plain[begin:end]
        if piece.replace(_INLINE, "").strip():
            left = begin + len(piece) - len(piece.lstrip())
            yield left, begin + len(piece.rstrip())
        begin = end


def _counted(text: str, places: list[tuple[int, int]]) -> Iterator[Span]:
    seen = units = 0
    for left, right in places:
        begin = units + _units(text[seen:left])
        units = begin + _units(text[left:right])
        seen = right
        yield Span(begin, units, text[left:right])


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _covered(tag: re.Match[str]) -> str:
    breaks = (tag[2] or "").lower() in BREAKS
    return ("\n" if breaks else _INLINE) * len(tag[0])
