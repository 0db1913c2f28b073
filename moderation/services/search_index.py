"""The search index, kept in step with the comments in the transactions that change them.

A comment can be found from its first decision on: workers write the index while they record, many
comments at once, and intake only keeps it right for those that are in it.
"""

import time
from collections.abc import Mapping, Sequence

from moderation.markup import as_read
from moderation.model.comments import Comment, NewComment
from moderation.model.ids import CommentId, SiteId
from moderation.model.prints import Cut
from moderation.model.words import terms_of
from moderation.runtime import Runtime
from moderation.storage import search, search_merging
from moderation.storage.database import Connection

PAGES = 500
"""Written anew in one transaction: some 2 MB, so that intake waits for milliseconds only."""
PAUSE_SECONDS = 0.05
MOST_STEPS = 1_000
"""Where intake adds faster than this, the next tidying goes on."""


def add(
    connection: Connection,
    stored: Sequence[tuple[CommentId, SiteId, NewComment | Comment]],
    cuts: Mapping[CommentId, Cut] | None = None,
) -> None:
    """Let comments be found, those that can be found already aside.

    Whose text is cut up already stands in `cuts`.
    """
    search.add_all(connection, [_entry(*one, (cuts or {}).get(one[0])) for one in stored])


def change(connection: Connection, old: Comment, new: NewComment | Comment) -> None:
    """Let a comment be found by what it says now, and no longer by what it said."""
    before, after = (_entry(old.id, old.site_id, comment) for comment in (old, new))
    search.replace(connection, before, after)


def drop_removed(runtime: Runtime) -> None:
    """Rewrite SQLite's index without what was removed from it, in small steps.

    PostgreSQL does this by itself (VACUUM). Raises StorageUnavailable.
    """
    if not runtime.database.is_sqlite:
        return
    for step in range(MOST_STEPS):
        with runtime.transaction() as connection:
            if not search_merging.merge(connection, PAGES, begin=step == 0):
                break
        # Who waits to write looks for a gap every few milliseconds; without one it finds none.
        time.sleep(PAUSE_SECONDS)


def _entry(
    comment_id: CommentId,
    site_id: SiteId,
    comment: NewComment | Comment,
    cut: Cut | None = None,
) -> search.Entry:
    text = None if comment.text is None else as_read(comment.text, comment.format)
    terms = terms_of(text, comment.author, comment.thread, cut)
    return search.Entry(comment_id, site_id, terms)
