"""The waiting list: what one person may decide on, for those who do not sit before the desk."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.markup import as_read
from moderation.model.desk import EVERYTHING, Filter
from moderation.model.ids import CommentId, ReviewId, SiteId, UserId
from moderation.model.people import User
from moderation.model.plain import plain
from moderation.model.reviews import CAUSES, Cause, causes_of
from moderation.runtime import Runtime
from moderation.services.cards import Card, cards_of
from moderation.services.preferences import hidden_from
from moderation.services.queue import part_for
from moderation.storage import lateness, preferences, queue, sites, users
from moderation.storage.database import Connection
from moderation.storage.queue import Part

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


def recipient(connection: Connection, user_id: UserId) -> User | None:
    """Return who is told, with what they chose for their desk; None for who may not sign in."""
    user = users.by_id(connection, user_id)
    if user is None or user.disabled_at is not None:
        return None
    return replace(user, preferences=preferences.of(connection, user_id))


def waiting_list(
    runtime: Runtime, connection: Connection, user: User, *, with_text: bool
) -> tuple[WaitingComment, ...]:
    """Return what this person may decide on, in the order of the queue: the first of it.

    As at their desk, without what they leave to colleagues, and no text that is hidden from them.
    """
    titles = _seen_sites(connection, user)
    if not titles:
        return ()
    rows = _rows(runtime, connection, user, list(titles))
    cards = [card for card in cards_of(connection, rows) if card.why_not(user) is None][:MOST]
    ids = [card.comment.id for card in cards] if with_text else []
    hidden = hidden_from(connection, user, ids)
    return tuple(
        _listed(card, titles, with_text=with_text and card.comment.id not in hidden)
        for card in cards
    )


def new_since(
    runtime: Runtime, connection: Connection, user: User, since: datetime
) -> tuple[int, datetime | None]:
    """Count what came to wait for this person since a moment, and say since when the first does."""
    site_ids = list(_seen_sites(connection, user))
    parts = _parts(runtime, connection, user, site_ids)
    return lateness.new_since(connection, site_ids, parts, since)


def _seen_sites(connection: Connection, user: User) -> dict[SiteId, str]:
    """Return the titles of the sites that a person sees."""
    return {row.id: row.title for row in sites.every(connection) if user.sees(row.id)}


def _parts(
    runtime: Runtime, connection: Connection, user: User, site_ids: list[SiteId]
) -> list[Part]:
    """Return what waits for everybody, and what waits for operators where the person is one."""
    sought = [EVERYTHING]
    if user.is_operator:
        sought.append(Filter(escalated=True))
    return [part_for(runtime, connection, user, site_ids, one) for one in sought]


def _rows(
    runtime: Runtime, connection: Connection, user: User, site_ids: list[SiteId]
) -> list[Any]:
    rows = []
    for part in _parts(runtime, connection, user, site_ids):
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
