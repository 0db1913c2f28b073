"""What rates are counted from: decisions of automation and of people, by when they were made."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Label,
    Row,
    ScalarSelect,
    func,
    literal,
    select,
    true,
    union_all,
)

from moderation.model.comments import Status
from moderation.model.decisions import Action
from moderation.model.ids import SiteId
from moderation.model.rates import Handled, Span
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.decisions import by_automation, decisions
from moderation.storage.schema import UtcDateTime
from moderation.storage.sites import sites

_c, _d = comments.c, decisions.c


def handled(
    connection: Connection, site_ids: Collection[SiteId], spans: Sequence[Span]
) -> dict[SiteId, list[Handled]]:
    """Count what automation did in each of these spans at each of these sites."""
    asked = _asked(spans)
    statement = (
        select(sites.c.id, asked.c.place, *_counts(asked))
        .join(asked, true())
        .where(sites.c.id.in_(site_ids))
    )
    found = {(row.id, row.place): row for row in connection.execute(statement)}
    return {
        site_id: [_handled(found[site_id, place], span) for place, span in enumerate(spans)]
        for site_id in site_ids
    }


def handled_with_waits(
    connection: Connection, site_id: SiteId, spans: Sequence[Span]
) -> list[tuple[Handled, timedelta | None]]:
    """Count what automation did in each span, and say how long one comment had waited in it.

    None where there is none that was not edited.
    """
    asked = _asked(spans)
    one = func.coalesce(_first(asked, Action.APPROVE, site_id), _first(asked, Action.FLAG, site_id))
    counted = select(asked.c.place, *_counts(asked, site_id), one.label("one")).subquery("counted")
    statement = (
        select(counted, _d.decided_at, _c.received_at)
        .outerjoin(decisions, _d.id == counted.c.one)
        .outerjoin(comments, (_c.id == _d.comment_id) & (_d.revision == 1))
        .order_by(counted.c.place)
    )
    return [(_handled(row, spans[row.place]), _wait(row)) for row in connection.execute(statement)]


def waits(connection: Connection, site_id: SiteId, since: datetime) -> list[timedelta]:
    """Return how long each comment had waited that automation decided since a moment.

    Those aside that were edited.
    """
    statement = (
        select(_d.decided_at, _c.received_at)
        .join(comments, (_c.id == _d.comment_id) & (_d.revision == 1))
        .where(
            _d.site_id == site_id,
            by_automation,
            _d.action.in_(Action),
            _d.decided_at >= since,
        )
    )
    return [_waited(*row) for row in connection.execute(statement)]


def oldest_pending(connection: Connection, site_id: SiteId) -> datetime | None:
    """Return when the comment came that waits for automation the longest."""
    pending = select(_c.received_at).where(_c.site_id == site_id, _c.status == Status.PENDING)
    return connection.execute(pending.order_by(_c.id).limit(1)).scalar_one_or_none()


def _asked(spans: Sequence[Span]) -> CTE:
    rows = [
        select(
            literal(place, Integer).label("place"),
            literal(span.begins, UtcDateTime).label("begins"),
            literal(span.ends, UtcDateTime).label("ends"),
        )
        for place, span in enumerate(spans)
    ]
    # Of `values` SQLAlchemy keeps no statement.
    return union_all(*rows).cte("asked")


def _counts(asked: CTE, site_id: SiteId | None = None) -> list[Label[int]]:
    """Return how many decisions of each kind there are; an index each is read in a piece."""
    return [_of(asked, action, func.count(), site_id).label(action.value) for action in Action]


def _first(asked: CTE, action: Action, site_id: SiteId) -> ScalarSelect[Any]:
    return _of(asked, action, _d.id, site_id, 1)


def _of(
    asked: CTE,
    action: Action,
    wanted: ColumnElement[Any],
    site_id: SiteId | None,
    limit: int | None = None,
) -> ScalarSelect[Any]:
    at = sites.c.id if site_id is None else site_id
    statement = select(wanted).where(
        _d.site_id == at,
        by_automation,
        _d.action == action,
        _d.decided_at >= asked.c.begins,
        _d.decided_at < asked.c.ends,
    )
    return statement.limit(limit).correlate(asked, sites).scalar_subquery()


def _handled(row: Row[Any], span: Span) -> Handled:
    return Handled(span, row.approve, row.flag, row.reject)


def _wait(row: Row[Any]) -> timedelta | None:
    return None if row.received_at is None else _waited(row.decided_at, row.received_at)


def _waited(decided_at: datetime, received_at: datetime) -> timedelta:
    # On several machines a comment may come a little later than it was decided.
    return max(decided_at - received_at, timedelta(0))
