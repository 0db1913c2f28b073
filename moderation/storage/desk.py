"""What the moderators' pages read: reviews and comments, with what was said about them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_, union_all

from moderation.model.comments import Status
from moderation.model.decisions import Decision
from moderation.model.ids import CommentId, SiteId
from moderation.model.jobs import Purpose
from moderation.model.policy import Policy
from moderation.storage.classifications import classifications
from moderation.storage.comments import comments, states_of
from moderation.storage.database import Connection
from moderation.storage.decisions import decisions, to_decision
from moderation.storage.policies import policies, to_policy
from moderation.storage.reviews import reviews, waiting
from moderation.storage.users import users

SITES_TOGETHER = 100
"""In one statement; SQLite takes 500 parts at most."""

_c, _r = comments.c, reviews.c

OF_REVIEW = (
    _r.id.label("review_id"),
    _r.risk,
    _r.due_at,
    _r.reasons.label("review_reasons"),
    _r.causes,
    _r.opened_at,
    _r.escalated_at,
    _r.escalation_note,
    users.c.name.label("escalated_by_name"),
)
ESCALATOR = users.c.id == _r.escalated_by


def one_with_review(connection: Connection, comment_id: CommentId) -> Row[Any] | None:
    """Return a comment, with its waiting review if it has one."""
    statement = (
        select(comments, *OF_REVIEW)
        .outerjoin(reviews, (_r.comment_id == _c.id) & waiting)
        .outerjoin(users, ESCALATOR)
        .where(_c.id == comment_id)
    )
    return connection.execute(statement).one_or_none()


def comments_page(
    connection: Connection,
    site_ids: Collection[SiteId],
    status: Status | None,
    before: CommentId | None,
    limit: int,
) -> list[Row[Any]]:
    """Return comments of a status, or of any, the last received first."""
    front = select(_c.id).order_by(_c.id.desc()).limit(limit)
    if status is not None:
        front = front.where(_c.status == status)
    if before is not None:
        front = front.where(_c.id < before)
    rows = of_each_site(connection, front, _c.site_id, site_ids)
    chosen = sorted((row.id for row in rows), reverse=True)[:limit]
    statement = select(comments).where(_c.id.in_(chosen)).order_by(_c.id.desc())
    return list(connection.execute(statement)) if chosen else []


def comments_among(
    connection: Connection,
    comment_ids: Sequence[CommentId],
    site_ids: Collection[SiteId],
    status: Status | None,
) -> list[Row[Any]]:
    """Return those of these comments that are of the sites and the status, in the same order."""
    if status is not None:
        # First by their ids alone: PostgreSQL would go through all comments of the status.
        states = states_of(connection, comment_ids)
        having = {row.id for row in states if row.status == status}
        comment_ids = [comment_id for comment_id in comment_ids if comment_id in having]
    statement = select(comments).where(_c.id.in_(comment_ids), _c.site_id.in_(site_ids))
    found = {row.id: row for row in connection.execute(statement)}
    return [found[comment_id] for comment_id in comment_ids if comment_id in found]


def classifications_of(connection: Connection, comment_ids: Sequence[CommentId]) -> list[Row[Any]]:
    """Return what classifiers said about these comments, oldest first."""
    d = classifications.c
    statement = (
        select(classifications)
        .where(d.comment_id.in_(comment_ids), d.purpose == Purpose.DECIDE)
        .order_by(d.id)
    )
    return list(connection.execute(statement))


def decisions_of(connection: Connection, comment_ids: Sequence[CommentId]) -> list[Decision]:
    """Return all decisions on these comments, oldest first."""
    statement = (
        select(decisions, users.c.name.label("user_name"))
        .outerjoin(users, users.c.id == decisions.c.user_id)
        .where(decisions.c.comment_id.in_(comment_ids))
        .order_by(decisions.c.sequence)
    )
    return [to_decision(row) for row in connection.execute(statement)]


def last_decisions_of(
    connection: Connection, comment_ids: Sequence[CommentId]
) -> dict[CommentId, Decision]:
    """Return the newest decision on each of these comments."""
    later = decisions.alias("later")
    newest = select(func.max(later.c.sequence)).where(later.c.comment_id == decisions.c.comment_id)
    statement = (
        select(decisions, users.c.name.label("user_name"))
        .outerjoin(users, users.c.id == decisions.c.user_id)
        .where(decisions.c.comment_id.in_(comment_ids))
        .where(decisions.c.sequence == newest.scalar_subquery())
    )
    return {row.comment_id: to_decision(row) for row in connection.execute(statement)}


def policies_of(
    connection: Connection, versions: Collection[tuple[SiteId, int]]
) -> dict[tuple[UUID, int], Policy]:
    """Return certain versions of sites' policies."""
    p = policies.c
    statement = select(policies).where(tuple_(p.site_id, p.version).in_(sorted(versions)))
    return {(row.site_id, row.version): to_policy(row) for row in connection.execute(statement)}


def of_each_site(
    connection: Connection,
    front: Select[Any],
    column: ColumnElement[Any],
    site_ids: Collection[SiteId],
) -> list[Row[Any]]:
    """Return the front of each site, unordered among each other.

    An index is in order within a site only: asked for several sites at once, both databases would
    read and sort everything that these have.
    """
    rows: list[Row[Any]] = []
    sites = list(site_ids)
    for start in range(0, len(sites), SITES_TOGETHER):
        some = sites[start : start + SITES_TOGETHER]
        fronts = [select(front.where(column == site_id).subquery()) for site_id in some]
        rows += connection.execute(fronts[0] if len(fronts) == 1 else union_all(*fronts))
    return rows
