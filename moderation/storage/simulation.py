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
    Subquery,
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
from moderation.model.ladders import Ladder, Limits
from moderation.model.measures import Measure
from moderation.model.places import Place
from moderation.model.simulation import FactClass
from moderation.storage.classifications import (
    BITS,
    classifications,
    counts_of,
    scores_of,
    to_circumstances,
)
from moderation.storage.database import Connection
from moderation.storage.judgements import last_of_people
from moderation.storage.measured import measured_of, over_some
from moderation.storage.places import step_on

_c = classifications.c

CIRCUMSTANCES = cast(_c.circumstances, Text)


@dataclass(frozen=True, slots=True)
class Replayed:
    """Which comments: those whose scores a version's policy judges, written since a moment.

    Between the lines of `ladders`, and between `limits`, their classes lie; from the score `above`
    on, and over a limit, they are read and sorted into classes (None: all of them).
    """

    site_id: SiteId
    classifier: str
    since: datetime | None = None
    ladders: tuple[Ladder, ...] = ()
    limits: Limits = field(default_factory=dict)
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
        return and_(self.condition, or_(_c.highest >= self.above, *over_some(self.limits)))

    @property
    def is_ordinary(self) -> ColumnElement[bool]:
        """What a row has to fulfil to be counted with all others under every line."""
        within = [not_(over) for over in over_some(self.limits)]
        return and_(self.condition, _c.highest < self.above, *within)

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

    A class that has several languages or sections comes in parts. Sections are those in which
    comments were decided, folded: so `comments` need not be read.
    """
    statement = in_classes(of, _c.language, _c.section).where(of.is_read)
    return [to_class(row, section=row.section) for row in connection.execute(statement)]


def judged(connection: Connection, of: Replayed, people: Subquery | None = None) -> list[FactClass]:
    """Return the comments on whose text a person's decision stands, in their classes.

    Or those that `people` selects, as `last_of_people` does.
    """
    people = last_of_people(of.site_id) if people is None else people
    same_text = (_c.comment_id == people.c.comment_id) & (_c.revision == people.c.revision)
    statement = (
        in_classes(of, people.c.action)
        .select_from(people)
        .join(classifications, same_text)
        .where(of.within_the_site)
    )
    return [
        to_class(row, rejected=row.action == Action.REJECT) for row in connection.execute(statement)
    ]


def in_classes(of: Replayed, *by: ColumnElement[Any]) -> Select[Any]:
    """Count rows by their class, and by other columns; the rest of a row stands for its class."""
    # All sections of a class are told apart from those before in the same way, and all threads.
    told_by_place = any(ladder.there for ladder in of.ladders)
    places = [one for one in (_c.section, _c.thread) if told_by_place and one not in by]
    return select(
        place_of(of.ladders).label("place"),
        measured_of(of.limits).label("measured"),
        CIRCUMSTANCES.label("circumstances"),
        _c.classifier,
        *by,
        *(func.min(_c[one]).label(one.value) for one in (*Label, *Measure)),
        *(func.min(column).label(column.name) for column in places),
        func.min(_c.failure).label("failure"),
        func.count().label("number"),
    ).group_by("place", "measured", CIRCUMSTANCES, _c.classifier, *by)


def place_of(ladders: Sequence[Ladder]) -> ColumnElement[int]:
    """Return a number for whether a row can be judged, and for where its scores lie between lines.

    The largest that 50 places in each of two policies can make has 63 bits.
    """
    found: ColumnElement[int] = literal(0, BigInteger)
    radix = 1
    for yes in (_c.failure.is_not(None), _c.readable, _c.supported):
        found += radix * case((yes, 1), else_=0)
        radix *= 2
    for ladder in ladders:
        step, many = step_on(ladder)
        found += literal(radix, BigInteger) * step
        radix *= many
    return found


def to_class(
    row: Row[Any], *, section: str | None = None, rejected: bool | None = None
) -> FactClass:
    """Turn a row of `in_classes` into the value."""
    known = row.circumstances and json.loads(row.circumstances)
    facts = Facts(
        classifier=row.classifier,
        scores=scores_of(row),
        failure=row.failure,
        readable=bool(row.place & 2),
        language=getattr(row, "language", None),
        supported=bool(row.place & 4),
        circumstances=to_circumstances(known),
        place=Place(getattr(row, "section", None), getattr(row, "thread", None)),
        counts=counts_of(row),
    )
    key = (row.place, row.measured, row.circumstances, row.classifier)
    return FactClass(key, facts, row.number, section, rejected)


def _ordinary(of: Replayed, unscored: int, number: int) -> FactClass:
    scores = {label: 0.0 for label, bit in BITS.items() if not unscored & bit}
    # No class that is read has a negative place.
    return FactClass((-1 - unscored, 0, None, of.classifier), Facts(of.classifier, scores), number)
