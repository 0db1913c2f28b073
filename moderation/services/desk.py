"""The desk: what moderators read before they decide."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.model.appeals import Appeal
from moderation.model.comments import Comment, Status
from moderation.model.decisions import Decision
from moderation.model.desk import Search
from moderation.model.errors import NotFound
from moderation.model.ids import CommentId, DecisionId, SiteId
from moderation.model.people import User
from moderation.model.reports import Report
from moderation.model.reviews import Cause
from moderation.runtime import Runtime
from moderation.services.access import row_for
from moderation.services.cards import Card, cards_of
from moderation.services.claims import with_claims
from moderation.services.finding import Found, find
from moderation.services.moderating import may_undo
from moderation.services.preferences import hidden_from
from moderation.services.surroundings import Surroundings, shown, surroundings_of
from moderation.storage import appeals, comments, decisions, desk, reports, revisions
from moderation.storage.database import Connection

COMMENTS_PAGE = 50
MOST_REPORTS = 200
"""Listed on one comment's page: the first ones, which have the words."""

OLDER_TEXTS = 10
"""Of a comment; somebody may edit for ever."""


@dataclass(frozen=True, slots=True)
class Revision:
    """An older text of a comment."""

    number: int
    text: str
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class CommentFile:
    """Everything of one comment; of its older texts the last ones.

    `undoable` is the decision that whoever looks can take back.
    """

    card: Card
    revisions: tuple[Revision, ...]
    around: Surroundings
    reports: tuple[Report, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    undoable: Decision | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A comment in a list, and the decision that stands; None while its text was not decided."""

    comment: Comment
    last: Decision | None
    hidden_for: Cause | None = None
    """For what its text is hidden from whoever looks, until they ask."""


@dataclass(frozen=True, slots=True)
class CommentsPage:
    """A part of all comments, the last received first.

    `looked_at` is set where a search gave up after so many comments with the words that were
    sought: there may be more behind `more_before`.
    """

    listed: tuple[Listed, ...]
    more_before: CommentId | None
    looked_at: int | None = None


def comment_file(runtime: Runtime, user: User, comment_id: CommentId) -> CommentFile:
    """Return everything of one comment, an erased one too. Raises NotFound."""
    with runtime.reading() as connection:
        row = row_for(connection, user, comment_id)
        older = revisions.newest(connection, comment_id, OLDER_TEXTS)
        now = runtime.database_now(connection)
        [card] = with_claims(connection, cards_of(connection, [row]), now)
        around = surroundings_of(connection, card.comment)
        texts = [comment_id, *(one.id for one in around.excerpts)]
        card = replace(card, hidden=hidden_from(connection, user, texts))
        reported = reports.page(connection, comment_id, 0, MOST_REPORTS)
        appealed = appeals.of(connection, comment_id)
        last = card.undoable
        mine = last if last and may_undo(connection, user, card.comment, last) else None
    kept = (Revision(r.revision, r.text, r.replaced_at) for r in reversed(older))
    return CommentFile(card, tuple(kept), around, tuple(reported), tuple(appealed), mine)


def comment_by_external_id(
    runtime: Runtime, user: User, site_id: SiteId, external_id: str
) -> CommentId:
    """Return which comment a site knows by this id. Raises NotFound."""
    with runtime.reading() as connection:
        comment = comments.by_external_id(connection, site_id, external_id)
    if comment is None or not user.sees(site_id):
        raise NotFound("The site has sent no comment with this id.")
    return comment.id


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
    seen = [site_id for site_id in site_ids if user.sees(site_id)]
    with runtime.reading() as connection:
        if search.sought():
            found = find(connection, seen, search, before, COMMENTS_PAGE)
        else:
            rows = desk.comments_page(connection, seen, search.status, before, COMMENTS_PAGE + 1)
            last = rows[COMMENTS_PAGE - 1] if len(rows) > COMMENTS_PAGE else None
            found = Found(rows[:COMMENTS_PAGE], None if last is None else last.id)
        listed = in_list(connection, user, found.rows)
    return CommentsPage(listed, found.more_before, found.looked_at)


def list_comments(
    connection: Connection, user: User, site_id: SiteId, comment_ids: Sequence[CommentId]
) -> tuple[Listed, ...]:
    """Return these comments of a site as a person sees them in a list, in their order."""
    rows = desk.comments_among(connection, comment_ids, [site_id], None)
    return in_list(connection, user, rows)


def in_list(
    connection: Connection,
    user: User,
    rows: Sequence[Any],  # of storage.comments
) -> tuple[Listed, ...]:
    """Return comments as one of many, as this person is to see them."""
    ids = [row.id for row in rows]
    made, hidden = desk.last_decisions_of(connection, ids), hidden_from(connection, user, ids)
    return tuple(
        replace(_listed(comments.to_comment(row), made), hidden_for=hidden.get(row.id))
        for row in rows
    )


def card_of(runtime: Runtime, user: User, comment_id: CommentId) -> Card:
    """Return one comment's card. Raises NotFound."""
    with runtime.reading() as connection:
        row = row_for(connection, user, comment_id)
        now = runtime.database_now(connection)
        [card] = shown(connection, [row], user, now)
        return card


def comment_of(runtime: Runtime, user: User, decision_id: DecisionId) -> CommentId:
    """Return which comment a decision is about. Raises NotFound."""
    with runtime.reading() as connection:
        decision = decisions.by_id(connection, decision_id)
        row = None if decision is None else desk.one_with_review(connection, decision.comment_id)
    if row is None or not user.sees(row.site_id):
        raise NotFound("There is no such decision.")
    return CommentId(row.id)


def _listed(comment: Comment, made: Mapping[CommentId, Decision]) -> Listed:
    pending = comment.status is Status.PENDING
    return Listed(comment, None if pending else made.get(comment.id))
