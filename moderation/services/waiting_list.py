"""The waiting list: what one person may decide on, for those who do not sit before the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.markup import as_read
from moderation.model.desk import EVERYTHING, Filter
from moderation.model.ids import CommentId, ReviewId, SiteId
from moderation.model.people import Role, User
from moderation.model.plain import plain
from moderation.model.reviews import CAUSES, Cause, causes_of
from moderation.services.cards import Card, cards_of
from moderation.services.queue import part_of
from moderation.storage import queue, sites
from moderation.storage.database import Connection

MOST = 50
MOST_TEXT = 1000
"""Characters of one comment; the rest is at the desk."""

_LOOKED_AT = 2 * MOST
"""Some of them others must decide on, such as appeals against this very person."""


@dataclass(frozen=True, slots=True)
class WaitingComment:
    """One comment that waits; its text only where the person chose to have it, on one line."""

    review_id: ReviewId
    comment_id: CommentId
    site: str
    causes: Cause
    opened_at: datetime
    text: str | None = None

    @property
    def why(self) -> str:
        """Say what it waits for, in a few words."""
        return ", ".join(words for cause, words in CAUSES.items() if cause & self.causes)


def waiting_list(
    connection: Connection, user: User, now: datetime, *, with_text: bool
) -> tuple[WaitingComment, ...]:
    """Return what this person may decide on, in the order of the queue: the first of it."""
    titles = seen_sites(connection, user)
    if not titles:
        return ()
    rows = _rows(connection, user, list(titles), now)
    cards = [card for card in cards_of(connection, rows) if card.may_be_decided_by(user)]
    return tuple(_listed(card, titles, with_text=with_text) for card in cards[:MOST])


def seen_sites(connection: Connection, user: User) -> dict[SiteId, str]:
    """Return the titles of the sites that a person sees."""
    return {row.id: row.title for row in sites.every(connection) if user.sees(row.id)}


def _rows(connection: Connection, user: User, site_ids: list[SiteId], now: datetime) -> list[Any]:
    """Return what waits for everybody, and what waits for operators where the person is one."""
    rows = []
    for sought in (EVERYTHING, Filter(escalated=True)):
        if not sought.escalated or user.role.includes(Role.OPERATOR):
            part = part_of(connection, user, site_ids, sought, now)
            rows += queue.page(connection, site_ids, part, None, _LOOKED_AT)
    return sorted(rows, key=lambda row: (row.due_at, row.review_id))


def _listed(card: Card, titles: dict[SiteId, str], *, with_text: bool) -> WaitingComment:
    comment, waiting = card.comment, card.waiting
    if waiting is None:
        raise AssertionError("a comment of the queue waits")
    text = as_read(comment.text or "", comment.format) if with_text else None
    return WaitingComment(
        review_id=waiting.id,
        comment_id=comment.id,
        site=titles[comment.site_id],
        causes=causes_of(waiting.reasons),
        opened_at=waiting.opened_at,
        text=None if text is None else plain(text, MOST_TEXT),
    )
