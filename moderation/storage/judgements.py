"""Judgements of people: which of their decisions stand, and how fast they make them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, func, select, true

from moderation.model.decisions import Action
from moderation.model.ids import SiteId
from moderation.storage.database import Connection
from moderation.storage.decisions import by_people, decisions

_d = decisions.c


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
