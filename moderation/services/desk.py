"""The desk: what moderators read before they decide."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.model.appeals import Appeal
from moderation.model.desk import Place, Search
from moderation.model.errors import NotFound
from moderation.model.ids import CommentId, DecisionId, SiteId
from moderation.model.people import User
from moderation.model.reports import Report
from moderation.runtime import Runtime
from moderation.services.cards import Card, cards_of
from moderation.services.finding import Found, find
from moderation.storage import appeals, decisions, desk, reports, revisions
from moderation.storage.database import Connection

QUEUE_PAGE = 25
COMMENTS_PAGE = 50
MOST_REPORTS = 200
"""Listed on one comment's page: the first ones, which have the words."""

MOST_COUNTED = 1000
"""Beyond this the queue says "1000+": counting further costs more than it tells."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A part of the queue, how many wait in all, and the decision just made, if any."""

    cards: tuple[Card, ...]
    waiting: int
    more_after: Place | None
    decided: Card | None


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
    reports: tuple[Report, ...] = ()
    appeals: tuple[Appeal, ...] = ()


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
    runtime: Runtime,
    user: User,
    site_ids: Collection[SiteId],
    after: Place | None = None,
    decided: DecisionId | None = None,
) -> QueuePage:
    """Return waiting comments of these sites: riskiest first, then oldest first.

    `decided` names the decision that the person has just made, to show and to undo.
    """
    seen = _seen(user, site_ids)
    with runtime.reading() as connection:
        rows = desk.waiting_page(connection, seen, after, QUEUE_PAGE + 1)
        waiting = desk.count_waiting(connection, seen, MOST_COUNTED)
        done = None if decided is None else _decided_row(connection, user, decided)
        cards = cards_of(connection, rows[:QUEUE_PAGE] + ([] if done is None else [done]))
    shown = cards if done is None else cards[:-1]
    last = rows[QUEUE_PAGE - 1] if len(rows) > QUEUE_PAGE else None
    return QueuePage(
        cards=shown,
        waiting=waiting,
        more_after=None if last is None else Place(last.risk, last.review_id),
        decided=None if done is None else cards[-1],
    )


def count_waiting(runtime: Runtime, user: User, site_ids: Collection[SiteId]) -> int:
    """Count what waits at these sites, up to MOST_COUNTED."""
    with runtime.reading() as connection:
        return desk.count_waiting(connection, _seen(user, site_ids), MOST_COUNTED)


def comment_file(runtime: Runtime, user: User, comment_id: CommentId) -> CommentFile:
    """Return everything of one comment, an erased one too. Raises NotFound."""
    with runtime.reading() as connection:
        row = desk.one_with_review(connection, comment_id)
        if row is None or not user.sees(row.site_id):
            raise NotFound("There is no such comment.")
        older = revisions.of(connection, comment_id)
        card = cards_of(connection, [row])[0]
        reported = reports.page(connection, comment_id, 0, MOST_REPORTS)
        appealed = appeals.of(connection, comment_id)
    return CommentFile(
        card,
        tuple(Revision(r.revision, r.text, r.replaced_at) for r in older),
        tuple(reported),
        tuple(appealed),
    )


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


def comment_of(runtime: Runtime, user: User, decision_id: DecisionId) -> CommentId:
    """Return which comment a decision is about. Raises NotFound."""
    with runtime.reading() as connection:
        row = _decided_row(connection, user, decision_id)
    if row is None:
        raise NotFound("There is no such decision.")
    return CommentId(row.id)


def _seen(user: User, site_ids: Collection[SiteId]) -> list[SiteId]:
    # Whoever asks for a site that is not theirs learns nothing of it.
    return [site_id for site_id in site_ids if user.sees(site_id)]


def _decided_row(connection: Connection, user: User, decision_id: DecisionId) -> Any:  # noqa: ANN401 - a row
    decision = decisions.by_id(connection, decision_id)
    row = None if decision is None else desk.one_with_review(connection, decision.comment_id)
    return row if row is not None and user.sees(row.site_id) else None
