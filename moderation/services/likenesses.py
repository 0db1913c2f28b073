"""Likenesses: comments of the same site that say the same as one, or nearly so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from moderation.markup import as_read
from moderation.model import prints
from moderation.model.comments import Comment, Format, Status
from moderation.model.ids import CommentId
from moderation.services.excerpts import Excerpt, excerpt_of
from moderation.storage import search, search_walk, surroundings
from moderation.storage.database import Connection

COUNTED = 100
"""The newest comments with the same text that are counted."""
LISTED = 5
TRIED = 20
"""The newest comments that may be alike and are compared."""
MOST_READ = 60_000
"""Characters of them, since each costs a little: some 20 ms in all."""
ALIKE = 0.5
"""Of what two texts are made of, the part that both must have."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A comment that is nearly the same, and how nearly."""

    excerpt: Excerpt
    likeness: float


@dataclass(frozen=True, slots=True)
class Likenesses:
    """How many others have the same text, by status; the newest of them, and what is alike."""

    same: int
    statuses: Mapping[Status, int]
    newest: tuple[Excerpt, ...]
    alike: tuple[Alike, ...]

    @property
    def is_capped(self) -> bool:
        """Say whether there may be more of the same."""
        return self.same >= COUNTED


def likenesses_of(connection: Connection, comment: Comment) -> Likenesses | None:
    """Return what is like a comment; None once it is erased.

    Others are found once they were decided, as in searches.
    """
    if comment.text is None:
        return None
    text = as_read(comment.text, comment.format)
    same = _found(connection, comment, prints.same_print(text), COUNTED + 1)
    rows = surroundings.statuses_of(connection, comment.site_id, same)[:COUNTED]
    statuses: dict[Status, int] = {}
    for row in rows:
        statuses[Status(row.status)] = statuses.get(Status(row.status), 0) + 1
    alike = _alike(connection, comment, text, same)
    newest = [row.id for row in rows[:LISTED]]
    shown = {
        row.id: excerpt_of(row)
        for row in surroundings.by_ids(connection, comment.site_id, [*newest, *alike])
    }
    return Likenesses(
        same=len(rows),
        statuses=statuses,
        newest=tuple(shown[one] for one in newest),
        alike=tuple(Alike(shown[one], likeness) for one, likeness in alike.items()),
    )


def _alike(
    connection: Connection, comment: Comment, text: str, same: Collection[CommentId]
) -> dict[CommentId, float]:
    """Return what is alike and not the same, the most alike first."""
    own, read = prints.sequences_of(text), 0
    tried = _found(connection, comment, prints.alike_prints(text), TRIED + len(same) + 1)
    found: dict[CommentId, float] = {}
    others = [one for one in tried if one not in set(same)][:TRIED]
    for row in surroundings.texts_of(connection, comment.site_id, others):
        read += len(row.text)
        if read > MOST_READ:
            break
        likeness = prints.likeness(own, prints.sequences_of(as_read(row.text, Format(row.format))))
        if likeness >= ALIKE:
            found[row.id] = likeness
    best = sorted(found, key=lambda one: -found[one])[:LISTED]
    return {one: found[one] for one in best}


def _found(
    connection: Connection, comment: Comment, terms: Collection[str], most: int
) -> list[CommentId]:
    """Return other comments with one of these terms, some of other sites perhaps."""
    numbers = search_walk.with_any(connection, comment.site_id, terms, most)
    ids = search.comments_at(connection, numbers) if numbers else []
    return [one for one in ids if one != comment.id]
