"""The thread around a comment: what it answers, what came before and after it, its replies."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.model.comments import Comment
from moderation.model.ids import CommentId
from moderation.services.excerpts import Excerpt, excerpt_of
from moderation.storage import surroundings
from moderation.storage.database import Connection

ABOVE = 3
"""Comments that are shown of those that it answers, each answering the one before."""
BESIDE = 3
"""Comments of the thread that are shown before it, and after it."""
REPLIES = 5


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a comment; `above` begins with the oldest.

    `unknown` is the site's id of what the first one answers, where the site never sent that.
    """

    above: tuple[Excerpt, ...]
    unknown: str | None
    higher: bool
    before: tuple[Excerpt, ...]
    after: tuple[Excerpt, ...]
    replies: tuple[Excerpt, ...]
    more_replies: bool


def around(connection: Connection, comment: Comment) -> Around:
    """Return what stands around a comment, in a number of statements that is always the same."""
    above, unknown, higher = _above(connection, comment)
    site_id, thread_id = comment.site_id, comment.thread.id
    before, after = [], []
    if thread_id:
        before = surroundings.before(connection, site_id, thread_id, comment.id, BESIDE)
        after = surroundings.after(connection, site_id, thread_id, comment.id, BESIDE)
    answers = surroundings.replies(connection, site_id, comment.external_id, REPLIES + 1)
    return Around(
        above=above,
        unknown=unknown,
        higher=higher,
        before=tuple(map(excerpt_of, before)),
        after=tuple(map(excerpt_of, after)),
        replies=tuple(map(excerpt_of, answers[:REPLIES])),
        more_replies=len(answers) > REPLIES,
    )


def parents_of(
    connection: Connection, comments: Sequence[Comment]
) -> dict[CommentId, Excerpt | None]:
    """Return what each comment that is a reply answers; None where the site never sent that."""
    sought = {c.id: (c.site_id, c.parent_external_id) for c in comments if c.parent_external_id}
    if not sought:
        return {}
    rows = surroundings.by_external_ids(connection, set(sought.values()))
    parents = {key: excerpt_of(row) for key, row in rows.items()}
    return {comment_id: parents.get(key) for comment_id, key in sought.items()}


def _above(
    connection: Connection, comment: Comment
) -> tuple[tuple[Excerpt, ...], str | None, bool]:
    """Return what a comment answers, what is unknown of that, and whether it goes on above."""
    found: list[Excerpt] = []
    seen, wanted = {comment.external_id}, comment.parent_external_id
    # What strangers send may answer itself in a circle.
    while wanted and wanted not in seen and len(found) < ABOVE:
        key = (comment.site_id, wanted)
        row = surroundings.by_external_ids(connection, [key]).get(key)
        if row is None:
            return tuple(found[::-1]), wanted, False
        found.append(excerpt_of(row))
        seen.add(wanted)
        wanted = row.parent_external_id
    return tuple(found[::-1]), None, bool(wanted) and wanted not in seen
