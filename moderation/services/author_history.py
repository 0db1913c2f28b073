"""What else an author wrote at the site, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from moderation.model.authors import KnownAuthor, known
from moderation.model.comments import Comment, Status
from moderation.services.excerpts import Excerpt, excerpt_of
from moderation.storage import surroundings
from moderation.storage.database import Connection

COUNTED = 500
"""The last comments of an author that are counted: more take longer and say no more."""
LISTED = 10


@dataclass(frozen=True, slots=True)
class Tally:
    """How many comments have a status, and how many of these by a person's decision."""

    many: int = 0
    by_people: int = 0


@dataclass(frozen=True, slots=True)
class AuthorHistory:
    """An author's last comments; `counted` of them are in the tallies."""

    author: KnownAuthor
    tallies: Mapping[Status, Tally]
    counted: int
    comments: tuple[Excerpt, ...]

    @property
    def is_capped(self) -> bool:
        """Say whether there may be older ones that are not counted."""
        return self.counted >= COUNTED


def history_of(connection: Connection, comment: Comment) -> AuthorHistory | None:
    """Return what the author of a comment wrote; None where the site said nothing of them."""
    author = known(comment.author)
    if author is None:
        return None
    tallies: dict[Status, Tally] = {}
    counted = 0
    for row in surroundings.tally(connection, comment.site_id, author, COUNTED):
        status = Status(row.status)
        before = tallies.get(status, Tally())
        people = before.by_people + (row.many if row.by_person else 0)
        tallies[status] = Tally(before.many + row.many, people)
        counted += row.many
    # The comment itself is on the page already.
    rows = surroundings.newest_by(connection, comment.site_id, author, LISTED + 1)
    others = [excerpt_of(row) for row in rows if row.id != comment.id]
    return AuthorHistory(author, tallies, counted, tuple(others[:LISTED]))
