"""Words: how texts are cut up for searching, on both databases alike."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from moderation.model.comments import Author, Thread
from moderation.model.folding import WORD, folded
from moderation.model.prints import Cut, cut_up

LONGEST = 40
"""Characters of a word that count."""
SHORTEST_BEGINNING = 4
"""Letters from which on what is sought matches longer words that begin so."""

# Written without spaces between the words: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
UNSPACED = re.compile(
    r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\U00020000-\U0003ffff]+)"
)


class Field(StrEnum):
    """Where a word stands; the first letter of a term."""

    TEXT = "t"
    AUTHOR = "a"
    THREAD = "h"


@dataclass(frozen=True, slots=True)
class Sought:
    """A term that is sought: the very word, or any word that begins with it."""

    term: str
    begins: bool


def terms_of(
    text: str | None, author: Author, thread: Thread, cut: Cut | None = None
) -> frozenset[str]:
    """Return everything that a comment can be found by.

    Words, each behind its field's letter, and the prints by which texts like it find it. Whoever
    has cut up the text already hands that over.
    """
    fields = (
        (Field.TEXT, (text,)),
        (Field.AUTHOR, (author.name, author.id)),
        (Field.THREAD, (thread.title, thread.id, thread.url, thread.section)),
    )
    words = (field + w for field, parts in fields for part in parts if part for w in words_in(part))
    return frozenset(words) | ((cut or cut_up(text)).terms if text else frozenset())


def words_in(text: str) -> set[str]:
    """Return the words of a text, and of what is written without spaces each pair of letters."""
    bare = folded(text)
    if bare.isascii():
        return {word[:LONGEST] for word in WORD.findall(bare)}
    return set(_pieces(bare))


def sought_in(field: Field, typed: str) -> list[Sought]:
    """Return what a comment must have that matches the typed words; empty where there are none."""
    found = []
    for word in WORD.findall(folded(typed)):
        for piece in filter(None, UNSPACED.split(word)):
            if UNSPACED.match(piece):
                # The last letter stands in a pair already, unless it is the only one.
                pairs = [piece[n : n + 2] for n in range(max(len(piece) - 1, 1))]
                found += [Sought(field + pair, begins=len(pair) == 1) for pair in pairs]
            else:
                begins = len(piece) >= SHORTEST_BEGINNING
                found.append(Sought(field + piece[:LONGEST], begins=begins))
    return list(dict.fromkeys(found))


def _pieces(bare: str) -> Iterable[str]:
    for word in WORD.findall(bare):
        for piece in filter(None, UNSPACED.split(word)):
            if UNSPACED.match(piece):
                yield from (piece[n : n + 2] for n in range(len(piece)))
            else:
                yield piece[:LONGEST]
