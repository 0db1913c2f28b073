"""Hostile text, made visible: what a reader cannot see becomes a chip that names it.

The result is plain data; the template escapes every piece of it like any other text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, pairwise
from operator import attrgetter

from api.dashboard.highlights import Highlight, parts
from api.dashboard.languages import Words, gettext, noted

MOST_MARKS = 4
"""Combining marks in a row that are drawn; real languages need fewer, and stacks hide lines."""

MOST_CHIPS = 100
"""In one text; thousands of them would make a page of megabytes."""

FOLD_AT = 1500
"""Characters shown at once on a card; the rest is behind a click."""

_FOLD_SLACK = 200
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_ZERO_WIDTH_JOINERS = "\u200c\u200d"
_TEXT_AND_EMOJI_STYLE = "\ufe0e\ufe0f"
# Blank letters and symbols: they take part in no category that says so.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Format characters that are drawn: signs of Arabic, Syriac and Kaithi numbers.
_DRAWN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd\U000110cd")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_TAGS = range(0xE0000, 0xE0080)
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_JOINING_SCRIPTS = range(0x0600, 0x1D00)
_CONTROLS = Words(
    {
        "\0": noted("null"),
        "\b": noted("backspace"),
        "\t": noted("tab"),
        "\n": noted("line break"),
        "\r": noted("return"),
    }
)


class Kind(StrEnum):
    """What a piece of a text is."""

    TEXT = "text"
    CHIP = "chip"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: shown as it is, or as a chip that names what cannot be seen."""

    kind: Kind
    text: str
    name: str = ""
    highlight: Highlight | None = None


def pieces(
    text: str,
    *,
    lines: bool = True,
    highlights: Iterable[Highlight] = (),
    begins_at: int = 0,
    most_chips: int = MOST_CHIPS,
) -> list[Piece]:
    """Cut a text into what can be shown and what must be named; `lines` keeps line breaks.

    `begins_at` is the place of the text in the one that the highlights are in.
    """
    cut = [*parts(text, highlights, begins_at), (None, "")]
    return _bounded(
        [
            replace(piece, highlight=highlight)
            for (highlight, part), (_, after) in pairwise(cut)
            for piece in _pieces(_whole_breaks(part, after) if lines else part, lines=lines)
        ],
        most_chips,
    )


def _whole_breaks(part: str, after: str) -> str:
    """Leave the first half of a line break out where a part was cut from the other half."""
    return part[:-1] if part.endswith("\r") and after.startswith("\n") else part


def runs(found: Iterable[Piece]) -> list[tuple[Highlight | None, list[Piece]]]:
    """Put pieces together that are highlighted as one."""
    return [(over, list(run)) for over, run in groupby(found, attrgetter("highlight"))]


def _pieces(text: str, *, lines: bool) -> list[Piece]:
    if lines:
        text = text.replace("\r\n", "\n")
    allowed = "\n\t" if lines else ""
    if text.isascii() and text.translate(dict.fromkeys(map(ord, allowed))).isprintable():
        return [Piece(Kind.TEXT, text)]
    found = _find(text, allowed)
    shown: list[Piece] = []
    for chip, run in groupby(found, key=lambda pair: pair[1]):
        characters = "".join(character for character, _ in run)
        if chip is None:
            shown.extend(_cap_marks(characters))
        else:
            shown.append(_chip(chip, characters))
    return shown


def _bounded(found: list[Piece], most_chips: int) -> list[Piece]:
    """Write chips in plain text after the first ones, so that no text makes a huge page."""
    chips = [position for position, piece in enumerate(found) if piece.kind is Kind.CHIP]
    if len(chips) <= most_chips:
        return found
    first = chips[most_chips]
    rest = (
        Piece(Kind.TEXT, "".join(map(_in_plain_text, run)), highlight=over)
        for over, run in runs(found[first:])
    )
    return [*found[:first], *rest]


def _in_plain_text(piece: Piece) -> str:
    return f"\u27e8{piece.text}\u27e9" if piece.kind is Kind.CHIP else piece.text


def fold(text: str) -> tuple[str, str]:
    """Cut a long text in two, between words where there are any: what is seen first, the rest."""
    if len(text) <= FOLD_AT + _FOLD_SLACK:
        return text, ""
    at = max(text.rfind(gap, FOLD_AT - _FOLD_SLACK, FOLD_AT) for gap in "\n ")
    at = at if at > 0 else _between_characters(text, FOLD_AT)
    # Not between the two halves of a line break.
    at -= text.endswith("\r", 0, at) and text.startswith("\n", at)
    return text[:at], text[at:]


def language_tag(language: str | None) -> str | None:
    """Return a language if it can stand in a `lang` attribute (BCP 47); sites may send anything."""
    return language if language and _LANGUAGE.fullmatch(language) else None


def _between_characters(text: str, at: int) -> int:
    for position in range(at, at - _FOLD_SLACK, -1):
        if not _is_mark(text[position]) and text[position] not in _ZERO_WIDTH_JOINERS:
            return position
    return at


def _find(text: str, allowed: str) -> Iterator[tuple[str, str | None]]:
    """Yield each character with the name of its chip; None where it can be seen as it is."""
    for position, character in enumerate(text):
        if _is_plain(character) or character in allowed or _fits(text, position, character):
            yield character, None
        else:
            yield character, "tags" if ord(character) in _TAGS else f"U+{ord(character):04X}"


@lru_cache(4096)
def _is_plain(character: str) -> bool:
    """Say whether a character can be seen wherever it stands."""
    if character.isascii():
        return character.isprintable()
    if character in _BLANKS or any(ord(character) in selectors for selectors in _SELECTORS):
        return False
    return character in _DRAWN or unicodedata.category(character) not in _UNSEEN


def _fits(text: str, position: int, character: str) -> bool:
    """Say whether a character that cannot be seen belongs where it stands."""
    before = text[position - 1] if position else ""
    if character in _ZERO_WIDTH_JOINERS:
        return _joins(before, text[position + 1 : position + 2])
    return character in _TEXT_AND_EMOJI_STYLE and _takes_style(before)


def _joins(before: str, after: str) -> bool:
    """Joiners belong inside words of many scripts, and inside emoji; elsewhere they hide."""
    if not before or not after:
        return False
    if ord(before) in _JOINING_SCRIPTS and ord(after) in _JOINING_SCRIPTS:
        return True
    return _is_emoji_part(before) and unicodedata.category(after) == "So"


def _is_emoji_part(character: str) -> bool:
    return unicodedata.category(character) in {"So", "Sk"} or character in _TEXT_AND_EMOJI_STYLE


def _takes_style(before: str) -> bool:
    return before >= "\u2010" or (bool(before) and (before in "#*0123456789\xa9\xae"))


@lru_cache(4096)
def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me"}


def _cap_marks(text: str) -> Iterator[Piece]:
    """Yield a text with no more than MOST_MARKS combining marks in a row."""
    if text.isascii():
        yield Piece(Kind.TEXT, text)
        return
    drawn: list[str] = []
    for is_mark, run in groupby(text, key=_is_mark):
        characters = "".join(run)
        if not is_mark or len(characters) <= MOST_MARKS:
            drawn.append(characters)
            continue
        yield Piece(Kind.TEXT, "".join((*drawn, characters[:MOST_MARKS])))
        drawn = []
        left = len(characters) - MOST_MARKS
        yield Piece(
            Kind.CHIP,
            gettext("+%(n)s marks", n=left),
            gettext("combining marks that would cover other lines"),
        )
    if drawn:
        yield Piece(Kind.TEXT, "".join(drawn))


def _chip(name: str, characters: str) -> Piece:
    if name == "tags":
        hidden = "".join(chr(ord(character) - 0xE0000) for character in characters)
        readable = "".join(c if c.isprintable() else "·" for c in hidden)
        return Piece(
            Kind.CHIP,
            gettext("hidden: %(characters)s", characters=readable),
            gettext("tag characters, invisible elsewhere"),
        )
    times = f" \N{MULTIPLICATION SIGN}{len(characters)}" if len(characters) > 1 else ""
    return Piece(Kind.CHIP, name + times, _name(characters[0]))


def _name(character: str) -> str:
    named = _CONTROLS.get(character) or unicodedata.name(character, "").lower()
    return named or gettext("invisible character")
