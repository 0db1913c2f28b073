"""Measures that other comments say: how fast an author writes, what stands, what is repeated.

One statement for a whole batch. Of each comment it reads some rows off indexes, however much there
is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, reduce
from operator import add
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    ScalarSelect,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from moderation.model.comments import Status
from moderation.model.ids import CommentId, lowest_uuid
from moderation.model.measures import MOST, Measure
from moderation.model.repeats import CLOSE, SKETCHED, Print
from moderation.storage.classifications import classifications
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.given import Given
from moderation.storage.schema import UtcDateTime

READ = 100
"""The newest comments of an author, and the newest that share a number, that are looked at."""

SKEW = timedelta(hours=1)
"""No clocks are further apart than this; it bounds only how many rows are read."""

COUNTED = (Measure.PACE, Measure.APPROVALS, Measure.REPEATS)

_c, _k = comments.c, classifications.c
_o = comments.alias("others").c


def _number(number: int) -> ColumnElement[int]:
    """Return a number that is part of the statement.

    As parameters, which are written out for the driver each time, they made the statement longer
    than what psycopg takes apart once: it read all of it anew for each batch.
    """
    return literal_column(str(number), Integer)


_APPROVED = literal_column(f"'{Status.APPROVED}'", String)
_READ, _CLOSE = _number(READ), _number(CLOSE)

_WANTED = Given(
    "wanted",
    {
        "id": Uuid(),
        "number": BigInteger(),
        "second": BigInteger(),
        "sketch": BigInteger(),
        "author_since": UtcDateTime(),
        "author_from": Uuid(),
    },
)
_PRINTED_SINCE, _PRINTED_FROM = (
    bindparam("printed_since", type_=UtcDateTime),
    bindparam("printed_from", type_=Uuid),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which comment; by what its text is told, and from when its author's others count."""

    id: CommentId
    print: Print | None
    author_since: datetime

    @property
    def given(self) -> dict[str, Any]:
        """What the statement asks by, as `_WANTED` has it.

        Ids begin with the moment when they were made, by the clocks of other machines.
        """
        one = self.print
        return {
            "id": self.id,
            "number": one and one.number,
            "second": one and one.second,
            "sketch": one and one.sketch,
            "author_since": self.author_since,
            "author_from": lowest_uuid(self.author_since - SKEW),
        }


def of_others(
    connection: Connection, asked: Sequence[Asked], printed_since: datetime
) -> dict[CommentId, dict[Measure, int]]:
    """Count what other comments say of these; without what nobody can tell.

    Texts count that were decided since a moment.

    An author is known by the site's id, or where it sent none by name and e-mail address.
    """
    dialect = connection.dialect
    since = {"printed_since": printed_since, "printed_from": lowest_uuid(printed_since - SKEW)}
    given = _WANTED.parameter(dialect, (one.given for one in asked))
    rows = connection.execute(_statement(dialect.name), since | given)
    return {
        row.id: {one: many for one in COUNTED if (many := getattr(row, one.value)) is not None}
        for row in rows
    }


@cache
def _statement(dialect: str) -> Select[Any]:
    """Return the statement: to make one takes longer than to run it."""
    wanted = _WANTED.table(dialect)
    return select(
        _c.id,
        _pace(wanted).label(Measure.PACE.value),
        func.coalesce(_approvals(wanted), _number(0)).label(Measure.APPROVALS.value),
        _repeats(wanted).label(Measure.REPEATS.value),
    ).join_from(wanted, comments, _c.id == wanted.c.id)


def _pace(wanted: FromClause) -> ColumnElement[int]:
    those = and_(_o.id < _c.id, _o.id >= wanted.c.author_from)
    return _by_author(wanted, Measure.PACE, those, _o.received_at >= wanted.c.author_since)


def _approvals(wanted: FromClause) -> ColumnElement[int]:
    return _by_author(wanted, Measure.APPROVALS, _o.id != _c.id, _o.status == _APPROVED)


def _by_author(
    wanted: FromClause, measure: Measure, those: ColumnElement[bool], counts: ColumnElement[bool]
) -> ColumnElement[int]:
    def counted(by: ColumnElement[bool], theirs: ColumnElement[bool]) -> ScalarSelect[int]:
        newest = (
            select(and_(theirs, counts).label("counts"))
            .where(_o.site_id == _c.site_id, by, those)
            .order_by(_o.id.desc())
            .limit(_READ)
            .correlate(comments, wanted)
            .subquery()
        )
        few = select(newest).where(newest.c.counts).limit(_number(MOST[measure])).subquery()
        return select(func.count()).select_from(few).scalar_subquery()

    # Two searches in one, each off an index of its own: with `or` neither would be used.
    by_name = and_(_o.author_id.is_(None), _o.author_name == _c.author_name)
    same_address = _o.author_email_digest.is_not_distinct_from(_c.author_email_digest)
    return case(
        (_c.author_id.is_not(None), counted(_o.author_id == _c.author_id, true())),
        (_c.author_name.is_not(None), counted(by_name, same_address)),
    )


def _repeats(wanted: FromClause) -> ScalarSelect[int]:
    """Count what says the same, or nearly so; `Print.is_like` says when two do.

    Numbers are of one site. Asked for the site too, PostgreSQL may go through all of its rows.
    """

    def found(shares: ColumnElement[bool]) -> Select[Any]:
        return (
            select(_k.comment_id, _k.classified_at, _k.sketch)
            .where(shares, _k.comment_id != _c.id)
            .where(_k.id >= _PRINTED_FROM)
            .order_by(_k.id.desc())
            .limit(_READ)
            .correlate(comments, wanted)
        )

    # Two searches in one, each off an index of its own. A comment that both find counts once.
    searches = (found(_k.print == wanted.c.number), found(_k.second_print == wanted.c.second))
    either = union_all(*(select(one.subquery()) for one in searches)).subquery()
    close = or_(wanted.c.sketch.is_(None), _bytes_shared(either.c.sketch, wanted) >= _CLOSE)
    recent = either.c.classified_at >= _PRINTED_SINCE
    return (
        select(func.count(either.c.comment_id.distinct()))
        .where(recent, close)
        .correlate(comments, wanted)
        .scalar_subquery()
    )


def _bytes_shared(sketch: ColumnElement[int], wanted: FromClause) -> ColumnElement[int]:
    def byte(of: ColumnElement[int], place: int) -> ColumnElement[int]:
        return of.bitwise_rshift(_number(8 * place)).bitwise_and(_number(255))

    shared = (byte(sketch, n) == byte(wanted.c.sketch, n) for n in range(len(SKETCHED)))
    return reduce(add, (cast(one, Integer) for one in shared))
