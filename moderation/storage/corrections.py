"""What people decide after automation flagged a comment, and what becomes of their decisions."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, or_, select

from moderation.model.appeals import AppealState
from moderation.model.decisions import Action, Source
from moderation.model.ids import SiteId, lowest_uuid
from moderation.model.rates import Counted
from moderation.model.reviews import Cause
from moderation.storage.appeals import appeals
from moderation.storage.database import Connection
from moderation.storage.decisions import by_people, decisions, undoes_nothing
from moderation.storage.reviews import reviews

HOUR = timedelta(hours=1)

_d, _r = decisions.c, reviews.c
_decides = _d.action.in_([Action.APPROVE, Action.REJECT])
_undoing, _later, _undoing_later = (
    decisions.alias(name) for name in ("undoing", "later", "undoing_later")
)


def outcomes(connection: Connection, site_id: SiteId, since: datetime, limit: int) -> Counted:
    """Count what people decided on comments that began to wait since a moment, by cause.

    Of the newest of these at most.
    """
    newest = _closed(select(_r.causes, _d.action), site_id, since)
    some = newest.order_by(_r.id.desc()).limit(limit).subquery()
    columns = (some.c.causes, some.c.action)
    rows = connection.execute(select(*columns, func.count().label("number")).group_by(*columns))
    return {(Cause(row.causes), Action(row.action)): row.number for row in rows}


def newest_waits(
    connection: Connection, site_id: SiteId, since: datetime, limit: int
) -> list[timedelta]:
    """Return how long the newest of these had waited for a person."""
    statement = _closed(select(_r.opened_at, _r.resolved_at), site_id, since)
    rows = connection.execute(statement.order_by(_r.id.desc()).limit(limit))
    return [max(row.resolved_at - row.opened_at, timedelta(0)) for row in rows]


def reversals(
    connection: Connection, site_id: SiteId, since: datetime, limit: int
) -> tuple[int, int, int, int]:
    """Count what moderators decided since a moment, of the newest of these decisions at most.

    All of it, what was undone, what an appeal overturned, and what somebody else decided again.
    """
    some = _newest(site_id, since, limit).subquery()
    # Each decision has one row of either at most.
    undone = _undoing.c.id.is_not(None)
    overturned = func.coalesce(appeals.c.state, AppealState.OPEN) == AppealState.OVERTURNED
    again = and_(~undone, ~overturned, _is_decided_again(some))
    kinds = (func.count().filter(which) for which in (undone, overturned, again))
    row = connection.execute(
        select(func.count(), *kinds)
        .select_from(some)
        .outerjoin(_undoing, _undoing.c.undoes == some.c.id)
        .outerjoin(appeals, appeals.c.decision_id == some.c.id)
    ).one()
    return row[0], row[1], row[2], row[3]


def _newest(site_id: SiteId, since: datetime, limit: int) -> Select[Any]:
    """Ask for what moderators decided last."""
    columns = (_d.id, _d.comment_id, _d.sequence, _d.revision, _d.action, _d.user_id)
    return (
        select(*columns)
        .where(
            _d.site_id == site_id,
            by_people,
            _d.imported.is_(False),
            _d.decided_at >= since,
            _d.source == Source.MODERATOR,
            undoes_nothing(_d),
            _decides,
        )
        .order_by(_d.decided_at.desc())
        .limit(limit)
    )


def _closed(columns: Select[tuple[()]], site_id: SiteId, since: datetime) -> Select[tuple[()]]:
    """Ask for reviews that a person's decision closed, together with that decision."""
    return columns.join(
        decisions, (_d.comment_id == _r.comment_id) & (_d.decided_at == _r.resolved_at)
    ).where(
        # Ids sort by time, and the clock that makes them may be a little ahead of the database's.
        _r.id >= lowest_uuid(since - HOUR),
        _r.site_id == site_id,
        _r.opened_at >= since,
        or_(_d.source == Source.MODERATOR, _d.source == Source.APPEAL),
        _decides,
    )


def _is_decided_again(of: Subquery) -> ColumnElement[bool]:
    later, undoing = _later.c, _undoing_later.c
    return exists().where(
        later.comment_id == of.c.comment_id,
        later.sequence > of.c.sequence,
        later.revision == of.c.revision,
        later.source == Source.MODERATOR,
        later.action.in_([Action.APPROVE, Action.REJECT]),
        later.action != of.c.action,
        later.user_id.is_distinct_from(of.c.user_id),
        undoes_nothing(later),
        ~exists().where(undoing.undoes == later.id),
    )
