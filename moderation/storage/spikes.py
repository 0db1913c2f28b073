"""What is behind a spike: whose comments automation flagged, where, and what they say."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Row, Subquery, func, select

from moderation.model.comments import Status
from moderation.model.decisions import Action
from moderation.model.ids import SiteId
from moderation.model.rates import Span
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.decisions import by_automation, decisions

_c, _d = comments.c, decisions.c


@dataclass(frozen=True, slots=True)
class Compared:
    """A day, the days before it, and how many of the newest flagged comments are counted."""

    before: Span
    day: Span
    most: int


class By(Enum):
    """By what flagged comments are counted: how it is known, and what it is called."""

    AUTHOR = (func.coalesce(_c.author_id, _c.author_name), _c.author_name)
    SECTION = (_c.thread_section, _c.thread_section)
    THREAD = (_c.thread_id, _c.thread_title)


def totals(connection: Connection, site_id: SiteId, compared: Compared) -> tuple[int, int]:
    """Count what was flagged on a day and before it."""
    some = _newest(site_id, compared)
    on_day = some.c.decided_at >= compared.day.begins
    row = connection.execute(
        select(func.count().filter(on_day), func.count().filter(~on_day)).select_from(some)
    ).one()
    return row[0], row[1]


def most_flagged(
    connection: Connection, site_id: SiteId, compared: Compared, by: By, limit: int
) -> list[Row[Any]]:
    """Count the same by author, section or thread: those with most on the day."""
    some = _newest(site_id, compared)
    key, name = by.value
    on_day = some.c.decided_at >= compared.day.begins
    number = func.count().filter(on_day)
    statement = (
        select(
            key.label("key"),
            func.max(name).label("name"),
            number.label("number"),
            func.count().filter(~on_day).label("before"),
        )
        .select_from(some)
        .join(comments, _c.id == some.c.comment_id)
        .where(key.is_not(None), _c.status != Status.ERASED)
        .group_by(key)
        .having(number > 0)
        .order_by(number.desc(), key)
        .limit(limit)
    )
    return list(connection.execute(statement))


def texts(connection: Connection, site_id: SiteId, span: Span, most: int) -> list[Row[Any]]:
    """Return what the newest comments say that were flagged in a span, with their format."""
    some = _flagged(site_id, span, most)
    statement = (
        select(_c.text, _c.format)
        .select_from(some)
        .join(comments, _c.id == some.c.comment_id)
        .where(_c.text.is_not(None))
    )
    return list(connection.execute(statement))


def _newest(site_id: SiteId, compared: Compared) -> Subquery:
    both = Span(compared.before.begins, compared.day.ends)
    return _flagged(site_id, both, compared.most)


def _flagged(site_id: SiteId, span: Span, most: int) -> Subquery:
    statement = select(_d.comment_id, _d.decided_at).where(
        *(_d.site_id == site_id, by_automation, _d.action == Action.FLAG),
        *(_d.decided_at >= span.begins, _d.decided_at < span.ends),
    )
    return statement.order_by(_d.decided_at.desc()).limit(most).subquery()
