"""Measures that other comments say: how fast an author writes, what stands, what is repeated.

One statement for a whole batch. Of each comment it reads some rows off indexes, however much there
is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    BigInteger,
    BindParameter,
    ColumnClause,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    Uuid,
    and_,
    bindparam,
    case,
    column,
    func,
    literal,
    select,
    text,
    true,
)

from moderation.model.comments import Status
from moderation.model.ids import CommentId, lowest_uuid
from moderation.model.measures import MOST, Measure
from moderation.storage.classifications import classifications
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.schema import UtcDateTime

READ = 100
"""The newest comments of an author, and the newest with the same text, that are looked at."""

SKEW = timedelta(hours=1)
"""No clocks are further apart than this; it bounds only how many rows are read."""

COUNTED = (Measure.PACE, Measure.APPROVALS, Measure.REPEATS)

_c, _k = comments.c, classifications.c
_o = comments.alias("others").c

_ASKED = {
    "id": Uuid,
    "print": BigInteger,
    "author_since": UtcDateTime,
    "author_from": Uuid,
    "print_since": UtcDateTime,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which comment; by what its text is told, and from when others count."""

    id: CommentId
    print: int | None
    author_since: datetime
    print_since: datetime

    @property
    def author_from(self) -> UUID:
        """The id before all that count. Ids are made by the clocks of the web's machines."""
        return lowest_uuid(self.author_since - SKEW)


def of_others(
    connection: Connection, asked: Sequence[Asked]
) -> dict[CommentId, dict[Measure, int]]:
    """Count what other comments say of these; without what nobody can tell.

    An author is known by the site's id, or where it sent none by name and e-mail address.
    """
    given = {f"{name}_{n}": getattr(one, name) for n, one in enumerate(asked) for name in _ASKED}
    rows = connection.execute(_statement(len(asked)), given)
    return {
        row.id: {one: many for one in COUNTED if (many := getattr(row, one.value)) is not None}
        for row in rows
    }


@lru_cache(maxsize=128)
def _statement(size: int) -> Select[Any]:
    """Return the statement for so many comments: to make one takes longer than to run it."""
    wanted = _wanted(size)
    return select(
        _c.id,
        _pace(wanted).label(Measure.PACE.value),
        func.coalesce(_approvals(wanted), 0).label(Measure.APPROVALS.value),
        _repeats(wanted).label(Measure.REPEATS.value),
    ).join_from(wanted, comments, _c.id == wanted.c.id)


def _wanted(size: int) -> CTE:
    """Return what is asked as a table of so many rows.

    In words: SQLAlchemy makes what has its own VALUES anew at each execution.
    """
    names = ", ".join(f"column{n} AS {name}" for n, name in enumerate(_ASKED, 1))
    rows = ", ".join("(" + ", ".join(f":{name}_{n}" for name in _ASKED) + ")" for n in range(size))
    given: list[BindParameter[Any]] = [
        bindparam(f"{name}_{n}", type_=kind) for n in range(size) for name, kind in _ASKED.items()
    ]
    words = text(f"SELECT {names} FROM (VALUES {rows}) AS given")  # noqa: S608 - our own names
    columns: list[ColumnClause[Any]] = [column(name, kind) for name, kind in _ASKED.items()]
    return words.bindparams(*given).columns(*columns).cte("wanted")


def _pace(wanted: CTE) -> ColumnElement[int]:
    those = and_(_o.id < _c.id, _o.id >= wanted.c.author_from)
    return _by_author(
        wanted, Measure.PACE, those, lambda o: o.c.received_at >= wanted.c.author_since
    )


def _approvals(wanted: CTE) -> ColumnElement[int]:
    stands = Status.APPROVED
    return _by_author(wanted, Measure.APPROVALS, _o.id != _c.id, lambda o: o.c.status == stands)


def _by_author(
    wanted: CTE,
    measure: Measure,
    those: ColumnElement[bool],
    count_if: Callable[[Subquery], ColumnElement[bool]],
) -> ColumnElement[int]:
    def counted(by: ColumnElement[bool], theirs: ColumnElement[bool]) -> ScalarSelect[int]:
        newest = (
            select(_o.received_at, _o.status, theirs.label("theirs"))
            .where(_o.site_id == _c.site_id, by, those)
            .order_by(_o.id.desc())
            .limit(READ)
            .correlate(comments, wanted)
            .subquery()
        )
        return _count(select(literal(1)).where(newest.c.theirs, count_if(newest)), wanted, measure)

    # Two searches in one, each off an index of its own: with `or` neither would be used.
    by_name = and_(_o.author_id.is_(None), _o.author_name == _c.author_name)
    same_address = _o.author_email_digest.is_not_distinct_from(_c.author_email_digest)
    return case(
        (_c.author_id.is_not(None), counted(_o.author_id == _c.author_id, true())),
        (_c.author_name.is_not(None), counted(by_name, same_address)),
    )


def _repeats(wanted: CTE) -> ScalarSelect[int]:
    # A print is of one site. Asked for the site too, PostgreSQL may go through all of its rows.
    same = (
        select(_k.comment_id, _k.classified_at)
        .where(_k.print == wanted.c.print, _k.comment_id != _c.id)
        .order_by(_k.id.desc())
        .limit(READ)
        .correlate(comments, wanted)
        .subquery()
    )
    recent = (
        select(same.c.comment_id).distinct().where(same.c.classified_at >= wanted.c.print_since)
    )
    return _count(recent, wanted, Measure.REPEATS)


def _count(found: Select[Any], wanted: CTE, measure: Measure) -> ScalarSelect[int]:
    few = found.limit(MOST[measure]).correlate(comments, wanted).subquery()
    return select(func.count()).select_from(few).scalar_subquery()
