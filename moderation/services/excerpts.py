"""Excerpts: other comments in a line each, where one is looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.markup import as_read
from moderation.model.comments import Format, Status
from moderation.model.ids import CommentId
from moderation.storage.surroundings import READ

SHOWN = 200
"""Characters of a text."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a comment (`cut` where it goes on), and who wrote it, if that is known.

    `text` is None once the comment is erased.
    """

    id: CommentId
    status: Status
    author: str | None
    text: str | None
    cut: bool
    at: datetime


def excerpt_of(row: Any) -> Excerpt:  # noqa: ANN401 - a row of storage.surroundings
    """Turn a row into an excerpt: its text as readers see it, on one line."""
    said = None if row.text is None else " ".join(as_read(row.text, Format(row.format)).split())
    return Excerpt(
        id=row.id,
        status=Status(row.status),
        author=row.author_name or row.author_id,
        text=None if said is None else said[:SHOWN],
        cut=said is not None and (len(said) > SHOWN or len(row.text) >= READ),
        at=row.at,
    )
