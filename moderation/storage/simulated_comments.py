"""Single comments of a simulation: those nearest to a line, and some from all over the period."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Float, Row, and_, func, literal, or_, select, union_all

from moderation.model.ids import CommentId
from moderation.model.labels import Label, Scores
from moderation.model.simulation import Flip, Key, Lines
from moderation.storage.classifications import classifications, scores_of
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.measured import measured_of
from moderation.storage.simulation import CIRCUMSTANCES, Replayed, place_of

_c = classifications.c

_CLOSE, MANY = 0.02, 100
"""How far from a line it is looked first, where so many times more flip than are wanted."""
MOST_CLASSES = 10_000
"""Those whose comments are shown, if there are more: each distinct set of words is one."""

_FAR = 9.0
"""Further from any line than a score can be."""


def nearest(
    connection: Connection, of: Replayed, flip: Flip, to: Lines, limit: int
) -> dict[CommentId, Scores]:
    """Return comments that flip, those with a score nearest to a line of `to` first.

    They come with their scores of the labels in `to`.
    """
    wanted, distance = _of_classes(of, flip.keys), _distance(connection, to)
    statement = (
        select(_c.comment_id, *(_c[label] for label in to))
        .order_by(distance, _c.id.desc())
        .limit(limit)
    )
    rows: list[Row[Any]] = []
    if flip.number >= MANY * limit:
        # Enough lie close to a line, or nearly always: the others need not be told apart then.
        close = statement.where(of.is_read, distance <= _CLOSE, wanted)
        rows = list(connection.execute(close))
    if len(rows) < limit:
        rows = list(connection.execute(statement.where(of.is_read, wanted)))
    return {
        row.comment_id: {
            label: score for label in to if (score := getattr(row, label.value)) is not None
        }
        for row in rows
    }


def newest_texts(connection: Connection, of: Replayed, limit: int) -> list[Row[Any]]:
    """Return id, format and text of the comments that were written last."""
    statement = (
        select(comments.c.id, comments.c.format, comments.c.text)
        .join_from(classifications, comments, comments.c.id == _c.comment_id)
        .where(of.condition, _c.revision == comments.c.revision, comments.c.text.is_not(None))
        .order_by(_c.written_at.desc())
        .limit(limit)
    )
    return list(connection.execute(statement))


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


def _of_classes(of: Replayed, keys: Collection[Key]) -> ColumnElement[bool]:
    """Return the condition that a row is of one of these classes.

    Circumstances differ little, or by the words that were found very much: what there is less of
    begins each alternative, for there may be few of those.
    """
    by_place: defaultdict[tuple[tuple[int, int], str], list[str | None]] = defaultdict(list)
    by_circumstances: defaultdict[tuple[str | None, str], list[tuple[int, int]]] = defaultdict(list)
    for place, measured, circumstances, classifier in sorted(keys, key=str)[:MOST_CLASSES]:
        by_place[(place, measured), classifier].append(circumstances)
        by_circumstances[circumstances, classifier].append((place, measured))
    if len(by_place) < len(by_circumstances):
        found = [(c, [place], several) for (place, c), several in by_place.items()]
    else:
        found = [(c, places, [one]) for (one, c), places in by_circumstances.items()]
    return or_(
        *(
            and_(_c.classifier == classifier, _is_at(of, places), _has(several))
            for classifier, places, several in found
        )
    )


def _is_at(of: Replayed, places: Collection[tuple[int, int]]) -> ColumnElement[bool]:
    by_measured: defaultdict[int, list[int]] = defaultdict(list)
    for place, measured in places:
        by_measured[measured].append(place)
    # Our own numbers, and there may be more of them than a statement takes parameters.
    return or_(
        *(
            and_(measured_of(of.limits) == measured, place_of(of.ladders).in_(map(_as_text, some)))
            for measured, some in by_measured.items()
        )
    )


def _as_text(number: int) -> ColumnElement[int]:
    return literal(number, literal_execute=True)


def _has(several: Collection[str | None]) -> ColumnElement[bool]:
    known = [one for one in several if one is not None]
    conditions = [CIRCUMSTANCES.in_(known)] if known else []
    if len(known) < len(several):
        conditions.append(CIRCUMSTANCES.is_(None))
    return or_(*conditions)


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
