"""The desk: what moderators read before they decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.model.desk import Onlooker, Place, Search
from moderation.model.errors import NotFound
from moderation.model.ids import CommentId, DecisionId, SiteId
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.cards import Card, cards_of
from moderation.services.finding import Found, find
from moderation.storage import decisions, desk, revisions
from moderation.storage.database import Connection

QUEUE_PAGE = 25
COMMENTS_PAGE = 50
MOST_COUNTED = 1000
"""Beyond this the queue says "1000+": counting further costs more than it tells."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A part of the queue, and how many wait in all, and for operators.

    `skipped` are the cards that the person has put behind the others; they are at its end.
    """

    cards: tuple[Card, ...]
    waiting: int
    escalated: int
    more_after: Place | None
    skipped: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """An older text of a comment."""

    number: int
    text: str
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class CommentFile:
    """Everything of one comment."""

    card: Card
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class CommentsPage:
    """A part of all comments, the last received first.

    `looked_at` is set where a search gave up after so many comments with the words that were
    sought: there may be more behind `more_before`.
    """

    cards: tuple[Card, ...]
    more_before: CommentId | None
    looked_at: int | None = None


def queue_page(
    runtime: Runtime, user: User, site_ids: Collection[SiteId], after: Place | None = None
) -> QueuePage:
    """Return what waits for everybody at these sites: riskiest first, then oldest first."""
    seen = _seen(user, site_ids)
    with runtime.reading() as connection:
        onlooker = Onlooker(user.id, runtime.database_now(connection))
        rows = desk.waiting_page(connection, seen, after, QUEUE_PAGE + 1, onlooker)
        at_end = len(rows) <= QUEUE_PAGE
        behind = desk.skipped(connection, seen, QUEUE_PAGE, onlooker) if at_end else []
        return _queue_page(connection, seen, rows, behind)


def escalated_page(
    runtime: Runtime, user: User, site_ids: Collection[SiteId], after: Place | None = None
) -> QueuePage:
    """Return what waits for operators at these sites: riskiest first, then oldest first."""
    seen = _seen(user, site_ids)
    with runtime.reading() as connection:
        rows = desk.escalated_page(connection, seen, after, QUEUE_PAGE + 1)
        return _queue_page(connection, seen, rows, [])


def count_waiting(
    runtime: Runtime, user: User, site_ids: Collection[SiteId], *, escalated: bool = False
) -> int:
    """Count what waits at these sites, for everybody or for operators, up to MOST_COUNTED."""
    with runtime.reading() as connection:
        return desk.count_waiting(connection, _seen(user, site_ids), MOST_COUNTED)[escalated]


def comment_file(runtime: Runtime, user: User, comment_id: CommentId) -> CommentFile:
    """Return everything of one comment, an erased one too. Raises NotFound."""
    with runtime.reading() as connection:
        row = desk.one_with_review(connection, comment_id)
        if row is None or not user.sees(row.site_id):
            raise NotFound("There is no such comment.")
        older = revisions.of(connection, comment_id)
        card = cards_of(connection, [row])[0]
    return CommentFile(card, tuple(Revision(r.revision, r.text, r.replaced_at) for r in older))


def comments_page(
    runtime: Runtime,
    user: User,
    site_ids: Collection[SiteId],
    search: Search,
    before: CommentId | None = None,
) -> CommentsPage:
    """Return comments of any status that match, the last received first.

    Raises InvalidInput where too many words are sought.
    """
    seen = _seen(user, site_ids)
    with runtime.reading() as connection:
        if search.sought():
            found = find(connection, seen, search, before, COMMENTS_PAGE)
        else:
            rows = desk.comments_page(connection, seen, search.status, before, COMMENTS_PAGE + 1)
            last = rows[COMMENTS_PAGE - 1] if len(rows) > COMMENTS_PAGE else None
            found = Found(rows[:COMMENTS_PAGE], None if last is None else last.id)
        cards = cards_of(connection, found.rows)
    return CommentsPage(cards, found.more_before, found.looked_at)


def card_of(runtime: Runtime, user: User, comment_id: CommentId) -> Card:
    """Return one comment's card. Raises NotFound."""
    with runtime.reading() as connection:
        row = desk.one_with_review(connection, comment_id)
        if row is None or not user.sees(row.site_id):
            raise NotFound("There is no such comment.")
        return cards_of(connection, [row])[0]


def comment_of(runtime: Runtime, user: User, decision_id: DecisionId) -> CommentId:
    """Return which comment a decision is about. Raises NotFound."""
    with runtime.reading() as connection:
        decision = decisions.by_id(connection, decision_id)
        row = None if decision is None else desk.one_with_review(connection, decision.comment_id)
    if row is None or not user.sees(row.site_id):
        raise NotFound("There is no such decision.")
    return CommentId(row.id)


def _seen(user: User, site_ids: Collection[SiteId]) -> list[SiteId]:
    # Whoever asks for a site that is not theirs learns nothing of it.
    return [site_id for site_id in site_ids if user.sees(site_id)]


def _queue_page(
    connection: Connection, seen: Sequence[SiteId], rows: Sequence[Any], behind: Sequence[Any]
) -> QueuePage:
    """Make a page of one row too many, which tells that there is more."""
    shown = rows[:QUEUE_PAGE]
    cards = cards_of(connection, [*shown, *behind])
    last = shown[-1] if len(rows) > QUEUE_PAGE else None
    waiting, escalated = desk.count_waiting(connection, seen, MOST_COUNTED)
    return QueuePage(
        cards=cards[: len(shown)],
        waiting=waiting,
        escalated=escalated,
        more_after=None if last is None else Place(last.risk, last.review_id),
        skipped=cards[len(shown) :],
    )
