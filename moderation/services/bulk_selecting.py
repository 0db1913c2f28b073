"""Selecting: which waiting comments a person means to decide together."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moderation.markup import as_read
from moderation.model import prints
from moderation.model.authors import known
from moderation.model.bulks import MOST, Band, Means, Selection
from moderation.model.comments import Comment
from moderation.model.desk import Filter
from moderation.model.errors import InvalidInput, NotFound
from moderation.model.ids import CommentId, SiteId
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.access import comment_for
from moderation.services.parts import part_for
from moderation.storage import candidates, comments, search, search_walk
from moderation.storage.claims import Taker
from moderation.storage.database import Connection

SAME_LOOKED_AT = 20_000
"""The newest comments with a text that are looked at for those that wait."""
TOGETHER = 1_000
"""Of them, in one statement."""

TOO_MANY = "That is more than %(most)s comments. Select fewer at once."


@dataclass(frozen=True, slots=True)
class Found:
    """Comments of a selection, in the order in which they are decided.

    `rows` are waiting ones as storage has them; `gone` were chosen and wait no more, with the
    sequence that was seen. `selected` are the numbers of a band; of an author or a text there is
    nothing, since a bulk and its audit entry outlive the erasure of the comment to go by.
    """

    site_id: SiteId
    rows: Sequence[Any]
    selected: Mapping[str, Any] = field(default_factory=dict)
    seen: Mapping[CommentId, int] = field(default_factory=dict)
    gone: Sequence[CommentId] = ()


@dataclass(frozen=True, slots=True)
class _Looking:
    """Who selects, and when."""

    runtime: Runtime
    connection: Connection
    user: User
    now: datetime

    @property
    def taker(self) -> Taker:
        return Taker(self.user.id, self.now)


def find(
    runtime: Runtime, connection: Connection, user: User, selection: Selection, now: datetime
) -> Found:
    """Return the comments of a selection.

    Raises InvalidInput (none or too many, no such band), NotFound, Erased, Forbidden.
    """
    found = _WAYS[selection.means](_Looking(runtime, connection, user, now), selection)
    if len(found.rows) + len(found.gone) > MOST:
        raise InvalidInput(TOO_MANY, most=MOST)
    return found


def _by_hand(looking: _Looking, selection: Selection) -> Found:
    seen = {one.comment_id: one.seen for one in selection.chosen}
    if not seen:
        raise InvalidInput("Select a comment first.")
    if len(seen) > MOST:
        raise InvalidInput(TOO_MANY, most=MOST)
    rows = candidates.among(looking.connection, list(seen), looking.taker)
    waiting = {row.comment_id for row in rows}
    gone = [one for one in seen if one not in waiting]
    others = comments.states_of(looking.connection, gone) if gone else []
    sites = [row.site_id for row in (*rows, *others)]
    if len(sites) < len(seen) or not all(looking.user.sees(site_id) for site_id in sites):
        raise NotFound("There is no such comment.")
    # Most of them decide which site it is about; of equals, the first.
    [(site_id, _)] = Counter(sites).most_common(1)
    return Found(site_id, rows, seen=seen, gone=gone)


def _by_author(looking: _Looking, selection: Selection) -> Found:
    comment = _like(looking, selection)
    author = known(comment.author)
    if author is None:
        raise InvalidInput("The site says nothing of who wrote this comment.")
    connection, site_id = looking.connection, comment.site_id
    rows = candidates.of_author(connection, site_id, author, looking.taker, MOST + 1)
    return Found(site_id, rows)


def _by_text(looking: _Looking, selection: Selection) -> Found:
    comment = _like(looking, selection)
    terms = prints.same_print(as_read(comment.text or "", comment.format))
    connection, site_id = looking.connection, comment.site_id
    numbers = search_walk.with_any(connection, site_id, terms, SAME_LOOKED_AT)
    rows = []
    for start in range(0, len(numbers), TOGETHER):
        ids = search.comments_at(connection, numbers[start : start + TOGETHER])
        found = candidates.among(connection, ids, looking.taker)
        # The index may find some of other sites.
        rows += [row for row in found if row.site_id == site_id]
        if len(rows) > MOST:
            break
    # The one that it began with has a print only once it was decided.
    if all(row.comment_id != comment.id for row in rows):
        rows = [*candidates.among(connection, [comment.id], looking.taker), *rows]
    return Found(site_id, rows)


def _by_band(looking: _Looking, selection: Selection) -> Found:
    band, site_id = selection.band, selection.site_id
    if band is None or site_id is None or not looking.user.sees(site_id):
        raise NotFound("There is no such site.")
    if not 0 <= band.low < band.high <= 1:
        raise InvalidInput("A band goes from a lower to a higher score, both from 0 to 1.")
    connection, sought = looking.connection, selection.sought
    part = part_for(looking.runtime, connection, looking.user, [site_id], sought)
    rows = candidates.in_band(connection, site_id, part, band, MOST + 1)
    rows.sort(key=lambda row: (band.distance(row.score), row.review_id))
    return Found(site_id, rows, _written(band, sought))


_WAYS: Mapping[Means, Callable[[_Looking, Selection], Found]] = {
    Means.HAND: _by_hand,
    Means.AUTHOR: _by_author,
    Means.TEXT: _by_text,
    Means.BAND: _by_band,
}


def _like(looking: _Looking, selection: Selection) -> Comment:
    """Return the comment that others are to be like."""
    if selection.like is None:
        raise NotFound("There is no such comment.")
    return comment_for(looking.connection, looking.user, selection.like)


def _written(band: Band, sought: Filter) -> dict[str, Any]:
    """Return a band as it is kept, also by the audit.

    An author is left out, whose name is personal data, and what a person opted out of.
    """
    cause = None if sought.cause is None else (sought.cause.name or "").lower()
    kept = {
        "section": sought.section,
        "reason": cause,
        "overdue": sought.overdue,
        "mine": sought.mine,
        "escalated": sought.escalated,
        "author": sought.author is not None,
    }
    return {
        "label": band.label.value,
        "low": band.low,
        "high": band.high,
        "classifier": band.classifier,
        "filter": {name: value for name, value in kept.items() if value},
    }
