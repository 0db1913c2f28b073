"""Judgements of people: which of their decisions stand, and how fast they make them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, func, literal, select, true

from moderation.model.audits import SampleState
from moderation.model.decisions import Action
from moderation.model.ids import CommentId, SiteId
from moderation.storage.audit_samples import audit_samples
from moderation.storage.database import Connection
from moderation.storage.decisions import by_people, decisions

_d, _s = decisions.c, audit_samples.c


def last_of_people(site_id: SiteId, before: UUID | None = None) -> Subquery:
    """Select for each text that people judged the decision of theirs that stands.

    It is the last one that was not taken back. `before` is an id: it is as it was then. Columns:
    comment_id, revision, action.
    """
    later = decisions.alias("later")
    then = true() if before is None else _d.id < before
    undoing = later.c.undoes == _d.id
    undone = select(later.c.id).where(
        undoing if before is None else undoing & (later.c.id < before)
    )
    order = func.row_number().over(
        partition_by=(_d.comment_id, _d.revision), order_by=_d.sequence.desc()
    )
    ranked = (
        select(_d.comment_id, _d.revision, _d.action, order.label("nth"))
        # Hidden in a function, or SQLite looks for all decisions that undo nothing.
        .where(by_people, _d.site_id == site_id, func.coalesce(_d.undoes, None).is_(None))
        .where(_d.action != Action.FLAG, ~undone.exists(), then)
        .subquery("ranked")
    )
    r = ranked.c
    return select(r.comment_id, r.revision, r.action).where(r.nth == 1).subquery("people")


def kept_by_audit(site_id: SiteId) -> Subquery:
    """Select the approvals by automation that people would have made too, and no more.

    Who rejects what they are given to audit decides, and so it is among the decisions of people.
    Columns as above.
    """
    decided = select(_d.id).where(_d.comment_id == _s.comment_id, _d.revision == _s.revision)
    approve = literal(Action.APPROVE.value).label("action")
    return (
        select(_s.comment_id, _s.revision, approve)
        .where(_s.site_id == site_id, _s.state == SampleState.KEPT, _s.outcome_id.is_(None))
        .where(~decided.where(by_people).exists())
        .subquery("kept")
    )


def rejected_among(
    connection: Connection, site_id: SiteId, comment_ids: Collection[CommentId]
) -> dict[tuple[CommentId, int], bool]:
    """Return which texts of these comments people judged, and whether they rejected them."""
    found = {}
    for judged in (kept_by_audit(site_id), last_of_people(site_id)):
        statement = select(judged).where(judged.c.comment_id.in_(comment_ids))
        for row in connection.execute(statement):
            found[row.comment_id, row.revision] = row.action == Action.REJECT
    return found


def newest_by_people(
    connection: Connection, site_id: SiteId, limit: int
) -> list[tuple[UUID, datetime]]:
    """Return who made the newest decisions of people here, and when; imported ones are nobody's."""
    statement = (
        select(_d.user_id, _d.decided_at)
        .where(by_people, _d.site_id == site_id, _d.user_id.is_not(None))
        .order_by(_d.id.desc())
        .limit(limit)
    )
    rows: list[Any] = list(connection.execute(statement))
    return [(row.user_id, row.decided_at) for row in rows]
