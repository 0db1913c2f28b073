"""Places: those of a site, which rows a pattern fits, and where a row is on a ladder."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, literal, select

from moderation.model.ids import SiteId
from moderation.model.ladders import Ladder
from moderation.model.places import ANY, Pattern
from moderation.model.simulation import Lines
from moderation.storage.classifications import classifications
from moderation.storage.comments import comments
from moderation.storage.database import Connection

_c, _m = classifications.c, comments.c

_LARGEST = 1e308
"""What is beyond is no score: neither infinity nor NaN, which PostgreSQL takes for the highest."""

_ESCAPE = "/"


def newest_sections(connection: Connection, site_id: SiteId, limit: int) -> tuple[str, ...]:
    """Return the sections of a site's newest comments, in order."""
    newest = select(_m.thread_section).where(_m.site_id == site_id).order_by(_m.id.desc())
    section = newest.limit(limit).subquery().c.thread_section
    names = connection.execute(select(section).distinct().where(section.is_not(None)))
    return tuple(sorted(names.scalars()))


def fits(pattern: Pattern) -> ColumnElement[bool]:
    """Return the condition that a pattern fits the place of a row.

    Names are stored folded: SQLite would take only capitals of ASCII for their small letters.
    """
    column, name = _c[pattern.kind.value], pattern.folded
    if ANY not in name:
        return column == name
    for special in (_ESCAPE, "%", "_"):
        name = name.replace(special, _ESCAPE + special)
    return column.like(name.replace(ANY, "%"), escape=_ESCAPE)


def step_on(ladder: Ladder) -> tuple[ColumnElement[int], int]:
    """Return a number for where a row is on a ladder, and how many numbers there are.

    Those of each place follow those of the one before.
    """
    rungs, size = [], 0
    for pattern, lines in ladder.there:
        rungs.append((fits(pattern), size + _between(lines)))
        size += _many(lines)
    elsewhere = size + _between(ladder.elsewhere)
    size += _many(ladder.elsewhere)
    return (case(*rungs, else_=elsewhere) if rungs else elsewhere), size


def _between(lines: Lines) -> ColumnElement[int]:
    """Return a number with a digit for each label.

    It is 0 without a score, else one more than the lines that the score reaches.
    """
    found: ColumnElement[int] = literal(0, BigInteger)
    radix = 1
    for label, several in lines.items():
        found += literal(radix, BigInteger) * _digit(_c[label], several)
        radix *= len(several) + 2
    return found


def _many(lines: Lines) -> int:
    many = 1
    for several in lines.values():
        many *= len(several) + 2
    return many


def _digit(score: ColumnElement[Any], lines: Sequence[float]) -> ColumnElement[int]:
    # From below, because most scores are low.
    first = and_(score >= -_LARGEST, score < lines[0])
    rungs = [(first, 1), *((score < line, n) for n, line in enumerate(lines[1:], 2))]
    return case(*rungs, (score <= _LARGEST, len(lines) + 1), else_=0)
