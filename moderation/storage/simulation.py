"""Simulation: what is stored of comments, counted by classes that no policy can tell apart.

Nearly all comments lie under every line and within every limit, and nothing else decides on them.
Those are counted from an index; only the others are read and sorted into classes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.measures import MOST, TOO_FEW, Measure
from moderation.model.simulation import FactClass, Lines
from moderation.storage.classifications import (
    BITS,
    classifications,
    counts_of,
    scores_of,
    to_circumstances,
)
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.judgements import last_of_people

_c = classifications.c

CIRCUMSTANCES = cast(_c.circumstances, Text)

_LARGEST = 1e308
"""What is beyond is no score: neither infinity nor NaN, which PostgreSQL takes for the highest."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """Which comments: those whose scores a version's policy judges, written since a moment.

    `lines` are those between which their classes lie; from the score `above` on, and over a limit,
    they are read and sorted into classes (None: all of them).
    """

    site_id: SiteId
    classifier: str
    since: datetime | None = None
    lines: Lines = field(default_factory=dict)
    above: float | None = None

    @property
    def condition(self) -> ColumnElement[bool]:
        """What a row has to fulfil."""
        return and_(_c.site_id == self.site_id, self.within_the_site)

    @property
    def is_read(self) -> ColumnElement[bool]:
        """What a row has to fulfil to be sorted into its class."""
        if self.above is None:
            return self.condition
        return and_(self.condition, or_(_c.highest >= self.above, *self._over_limits()))

    @property
    def is_ordinary(self) -> ColumnElement[bool]:
        """What a row has to fulfil to be counted with all others under every line."""
        within = [not_(over) for over in self._over_limits()]
        return and_(self.condition, _c.highest < self.above, *within)

    def _over_limits(self) -> list[ColumnElement[bool]]:
        """Return the conditions that a measure is known and over the limit of some policy."""
        measures = [one for one in Measure if one in self.lines]
        return [is_over_some(_c[one], one, self.lines[one]) for one in measures]

    @property
    def within_the_site(self) -> ColumnElement[bool]:
        """What a row of a comment of the site has to fulfil.

        Where rows are found by their comment, this keeps SQLite from reading all of the site's
        for each, by the index that begins with the site.
        """
        written = true() if self.since is None else _c.written_at >= self.since
        return and_(_c.judged_for == self.classifier, written)


def written(connection: Connection, of: Replayed) -> tuple[datetime, datetime] | None:
    """Return when the first and the last of these comments were written; None without any."""
    # Two statements: with both ends in one, SQLite reads the whole index.
    first, last = (
        connection.execute(select(end(_c.written_at)).where(of.condition)).scalar_one()
        for end in (func.min, func.max)
    )
    return None if first is None or last is None else (first, last)


def ordinary(connection: Connection, of: Replayed) -> list[FactClass]:
    """Return the comments that lie below `above`, and on which nothing but scores decides.

    They are one class, or a few where some lack a score that others have.
    """
    if of.above is None:
        return []
    condition = of.is_ordinary
    every = select(func.count(), func.min(_c.unscored), func.max(_c.unscored)).where(condition)
    number, lowest, highest = connection.execute(every).one()
    if lowest == highest:
        return [_ordinary(of, lowest, number)] if number else []
    # Sorted only where it must be: SQLite takes several times as long for that.
    each = select(_c.unscored, func.count()).where(condition).group_by(_c.unscored)
    return [_ordinary(of, unscored, many) for unscored, many in connection.execute(each)]


def classes(connection: Connection, of: Replayed) -> list[FactClass]:
    """Return the comments from the score `above` on, and those on which more decides.

    A class that has several languages or sections comes in parts.
    """
    section = comments.c.thread_section
    statement = (
        in_classes(of.lines, _c.language, section)
        .select_from(classifications)
        .join(comments, comments.c.id == _c.comment_id)
        .where(of.is_read)
    )
    return [
        _to_class(row, of.lines, section=row.thread_section)
        for row in connection.execute(statement)
    ]


def judged(connection: Connection, of: Replayed) -> list[FactClass]:
    """Return the comments on whose text a person's decision stands, in their classes."""
    people = last_of_people(of.site_id)
    same_text = (_c.comment_id == people.c.comment_id) & (_c.revision == people.c.revision)
    statement = (
        in_classes(of.lines, people.c.action)
        .select_from(people)
        .join(classifications, same_text)
        .where(of.within_the_site)
    )
    return [
        _to_class(row, of.lines, rejected=row.action == Action.REJECT)
        for row in connection.execute(statement)
    ]


def in_classes(lines: Lines, *by: ColumnElement[Any]) -> Select[Any]:
    """Count rows by their class, and by other columns; the rest of a row stands for its class."""
    return select(
        place_of(lines).label("place"),
        CIRCUMSTANCES.label("circumstances"),
        _c.classifier,
        *by,
        *(func.min(_c[one]).label(one.value) for one in (*Label, *Measure)),
        func.min(_c.failure).label("failure"),
        func.count().label("number"),
    ).group_by("place", CIRCUMSTANCES, _c.classifier, *by)


def place_of(lines: Lines) -> ColumnElement[int]:
    """Return a number for where a row's scores lie between lines, and for whether it can be judged.

    It has a digit for each label and measure: 0 where it is not known, else one more than the lines
    that it reaches.
    """
    digits = [(_digit(_c[one], several), len(several) + 2) for one, several in lines.items()]
    judgeable = (_c.failure.is_not(None), _c.readable, _c.supported)
    digits += [(case((yes, 1), else_=0), 2) for yes in judgeable]
    found: ColumnElement[int] = literal(0, BigInteger)
    radix = 1
    for digit, values in digits:
        # Wide: the digits of all labels and measures are more than 32 bits hold.
        found += literal(radix, BigInteger) * digit
        radix *= values
    return found


def is_over_some(
    count: ColumnElement[int], measure: Measure, lines: Sequence[float]
) -> ColumnElement[bool]:
    """Return the condition that a count is known and over one of some limits."""
    if measure in TOO_FEW:
        return func.coalesce(count, MOST[measure]) < max(lines)
    return func.coalesce(count, 0) >= min(lines)


def _digit(score: ColumnElement[float], lines: Sequence[float]) -> ColumnElement[int]:
    # From below, because most scores are low.
    first = and_(score >= -_LARGEST, score < lines[0])
    rungs = [(first, 1), *((score < line, n) for n, line in enumerate(lines[1:], 2))]
    return case(*rungs, (score <= _LARGEST, len(lines) + 1), else_=0)


def _to_class(
    row: Row[Any], lines: Lines, *, section: str | None = None, rejected: bool | None = None
) -> FactClass:
    flags = row.place
    for several in lines.values():
        flags //= len(several) + 2
    known = row.circumstances and json.loads(row.circumstances)
    facts = Facts(
        classifier=row.classifier,
        scores=scores_of(row),
        failure=row.failure,
        readable=bool(flags & 2),
        language=getattr(row, "language", None),
        supported=bool(flags & 4),
        circumstances=to_circumstances(known),
        counts=counts_of(row),
    )
    key = (row.place, row.circumstances, row.classifier)
    return FactClass(key, facts, row.number, section, rejected)


def _ordinary(of: Replayed, unscored: int, number: int) -> FactClass:
    scores = {label: 0.0 for label, bit in BITS.items() if not unscored & bit}
    # No class that is read has a negative place.
    return FactClass((-1 - unscored, None, of.classifier), Facts(of.classifier, scores), number)
