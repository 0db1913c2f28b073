"""Hostile texts as comments: in every field that a site may send, as plain text and as HTML."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from moderation.markup import as_read
from moderation.model.comments import MAX_TEXT_LENGTH, Format

BATCH = 100
_NO_URL = re.compile(r"[\x00-\x20]")
FIELDS = {
    "External id": ("external_id", 240),
    "Reply to": ("parent_external_id", 255),
    "Author id": ("author.id", 255),
    "Author": ("author.name", 255),
    "Role": ("author.role", 64),
    "Author address": ("author.url", 2_000),
    "Thread id": ("thread.id", 255),
    "Thread": ("thread.title", 1_000),
    "Section": ("thread.section", 255),
    "Thread address": ("thread.url", 2_000),
    "Address": ("url", 2_000),
}
"""What pages call a field, its name in the API, and how much of a text fits."""


@dataclass(frozen=True)
class Hostile:
    """A comment made of hostile texts."""

    text: str
    written: Format
    fields: dict[str, str]

    @property
    def as_read(self) -> str:
        return as_read(self.text, self.written)

    @property
    def sent(self) -> dict[str, Any]:
        body: dict[str, Any] = {"text": self.text, "format": self.written}
        for title, value in self.fields.items():
            first, _, inner = FIELDS[title][0].partition(".")
            if inner:
                body.setdefault(first, {})[inner] = value
            else:
                body[first] = value
        return body


def comments_of(texts: Sequence[str], together: int = 1) -> Iterator[Hostile]:
    """Yield comments in which each text stands: with so many others, and alone in other fields."""
    packs = list(_packed(texts, together))
    alone = itertools.cycle(texts)
    for written in Format:
        # Field by field, so that all texts have their turn in some of them.
        columns = [[_fitted(title, next(alone)) for _ in packs] for title in FIELDS]
        for number, (text, *values) in enumerate(zip(packs, *columns, strict=True)):
            fields = {title: value for title, value in zip(FIELDS, values, strict=True) if value}
            # The site's own id of a comment is told apart by its end.
            fields["External id"] = f"{fields.get('External id', '')} {written} {number}"
            yield Hostile(text, written, fields)


def _packed(texts: Sequence[str], together: int) -> Iterator[str]:
    """Yield texts that hold up to so many others, each on lines of its own."""
    pack: list[str] = []
    for text in texts:
        if pack and (
            len(pack) == together or sum(map(len, (*pack, text))) + together > MAX_TEXT_LENGTH
        ):
            yield "\n".join(pack)
            pack = []
        pack.append(text)
    yield "\n".join(pack)


def _fitted(title: str, text: str) -> str:
    name, most = FIELDS[title]
    if name in ("url", "thread.url"):
        return f"https://news.example/{_NO_URL.sub('', text)}"[:most]
    return text[:most]
