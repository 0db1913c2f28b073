"""Finding comments by their words, with a bound on how much is looked at for one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moderation.model.desk import Search
from moderation.model.errors import InvalidInput
from moderation.model.ids import CommentId, SiteId
from moderation.model.words import Sought
from moderation.storage import desk, search_walk
from moderation.storage import search as index
from moderation.storage.database import Connection

MOST_WORDS = 10
MOST_LOOKED_AT = 2_000
"""Comments with the words that are looked at for one page, where few of them have the status."""
TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Found:
    """Whole rows of comments, and where to go on.

    `looked_at` is set where the search gave up after so many: nobody knows whether there are more.
    """

    rows: list[Any]
    more_before: CommentId | None
    looked_at: int | None = None


def find(
    connection: Connection,
    site_ids: Sequence[SiteId],
    search: Search,
    before: CommentId | None,
    limit: int,
) -> Found:
    """Return up to `limit` comments that have all words, the last received first.

    Raises InvalidInput where too many words are sought.
    """
    sought = _checked(search)
    below = None if before is None else index.number_of(connection, before) or 0
    rows: list[Any] = []
    ids: list[CommentId] = []
    looked = 0
    # What only has to have the words is found at once; a status must be looked for among them: of
    # most there are enough in a few, and for the others the walk is gone once more.
    most = limit + 1 if search.status is None else TOGETHER
    while looked < MOST_LOOKED_AT:
        numbers = search_walk.newest(connection, site_ids, sought, below, most)
        for start in range(0, len(numbers), TOGETHER):
            ids = index.comments_at(connection, numbers[start : start + TOGETHER])
            rows += desk.comments_among(connection, ids, site_ids, search.status)
            if len(rows) > limit:
                return Found(rows[:limit], rows[limit - 1].id)
        if len(numbers) < most:
            return Found(rows, None)
        looked, below = looked + len(numbers), numbers[-1]
        most = MOST_LOOKED_AT - looked
    return Found(rows, ids[-1], looked)


def _checked(search: Search) -> list[Sought]:
    """Return what is sought; nothing, where a field was typed into but has no word."""
    fields = search.sought()
    if not all(fields):
        return []
    sought = [one for field in fields for one in field]
    if len(sought) > MOST_WORDS:
        raise InvalidInput("Search for at most %(most)s words at once.", most=MOST_WORDS)
    return sought
