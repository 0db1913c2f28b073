"""Single comments of a simulation: those nearest to a line, and some from all over the period."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, Float, and_, func, literal, or_, select, union_all

from moderation.model.ids import CommentId
from moderation.model.labels import Label, Scores
from moderation.model.simulation import Key, Lines
from moderation.storage.classifications import classifications, scores_of
from moderation.storage.database import Connection
from moderation.storage.simulation import CIRCUMSTANCES, Replayed, place_of

_c = classifications.c

_FAR = 9.0
"""Further from any line than a score can be."""


def nearest(
    connection: Connection, of: Replayed, keys: Collection[Key], to: Lines, limit: int
) -> dict[CommentId, Scores]:
    """Return comments of these classes, those with a score nearest to a line of `to` first.

    They come with their scores of the labels in `to`.
    """
    numbers: defaultdict[tuple[str | None, str], list[ColumnElement[int]]] = defaultdict(list)
    for place, circumstances, classifier in sorted(keys, key=str):
        # Our own numbers, and there may be more of them than a statement takes parameters.
        numbers[circumstances, classifier].append(literal(place, literal_execute=True))
    wanted = or_(
        *(
            and_(
                CIRCUMSTANCES.is_not_distinct_from(circumstances),
                _c.classifier == classifier,
                place_of(of.ladders).in_(places),
            )
            for (circumstances, classifier), places in numbers.items()
        )
    )
    statement = (
        select(_c.comment_id, *(_c[label] for label in to))
        .where(of.is_read, wanted)
        .order_by(_distance(connection, to), _c.id.desc())
        .limit(limit)
    )
    return {
        row.comment_id: {
            label: score for label in to if (score := getattr(row, label.value)) is not None
        }
        for row in connection.execute(statement)
    }


def spread(
    connection: Connection, of: Replayed, ends: tuple[datetime, datetime], parts: int, each: int
) -> list[Scores]:
    """Return the scores of comments from all over a period, so many of each part of it."""
    first, last = ends
    bounds = [first + (last - first) * n / parts for n in range(parts)]
    between = [and_(_c.written_at >= begin, _c.written_at < end) for begin, end in pairwise(bounds)]
    labels = [_c[label] for label in Label]
    some = [
        select(*labels).where(of.condition, part).order_by(_c.written_at).limit(each).subquery()
        for part in (*between, _c.written_at >= bounds[-1])
    ]
    rows = connection.execute(union_all(*(select(part) for part in some)))
    return [scores_of(row) for row in rows]


def _distance(connection: Connection, to: Lines) -> ColumnElement[float]:
    """Return how far a row's scores are from the nearest of some lines."""
    # SQLite's function of several arguments; with one it would be that of a whole column.
    least = func.min if connection.dialect.name == "sqlite" else func.least
    far = literal(_FAR, Float)
    distances = [
        func.coalesce(func.abs(_c[label] - line), far)
        for label, several in to.items()
        for line in several
    ]
    return least(far, *distances) if distances else far
