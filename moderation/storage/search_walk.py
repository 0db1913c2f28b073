"""Looking through the search index: block by block from the newest on, until enough is found."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from math import ceil

from sqlalchemy import func, select, text

from moderation.model.ids import SiteId
from moderation.model.words import Sought
from moderation.storage import search
from moderation.storage.database import Connection

MOST_TERMS = 400
"""Terms of one statement; it bounds how many blocks and sites are looked at together."""
FEW = 500
"""A word that so many comments have is not rare, and is looked for alone no more."""

_FIND = {
    "sqlite": text(
        "SELECT rowid FROM search_words WHERE search_words MATCH :query AND rowid < :below"
        " ORDER BY rowid DESC LIMIT :most"
    ),
    # Materialized, so that the order cannot tempt the planner to read the numbers one by one.
    "postgresql": text(
        "WITH matching AS MATERIALIZED"
        " (SELECT number FROM search_words WHERE terms @@ CAST(:query AS tsquery))"
        " SELECT number FROM matching WHERE number < :below ORDER BY number DESC LIMIT :most"
    ),
}
_FIND_ANYWHERE = {
    "sqlite": text("SELECT rowid FROM search_words WHERE search_words MATCH :query LIMIT :most"),
    "postgresql": text(
        "SELECT number FROM search_words WHERE terms @@ CAST(:query AS tsquery) LIMIT :most"
    ),
}

_Write = Callable[[Collection[int]], str]


@dataclass(frozen=True, slots=True)
class _Words:
    """How to ask for all that is sought in some blocks, and for the longest word alone."""

    all: _Write
    longest: _Write | None
    widest: int
    """Blocks that one statement asks for at the most."""


def newest(
    connection: Connection,
    site_ids: Collection[SiteId],
    sought: Collection[Sought],
    below: int | None,
    most: int,
) -> list[int]:
    """Return the numbers of comments that have all that is sought, the newest first.

    A few of them may be of other sites. `below` is the last number that was seen.
    """
    if not site_ids or not sought:
        return []
    if below is None:
        below = _end(connection)
    dialect = connection.dialect.name
    # Mostly the rarest.
    longest = max(sought, key=lambda one: len(one.term))
    words = _Words(
        partial(_query, dialect, site_ids, sought),
        partial(_query, dialect, site_ids, [longest]) if len(sought) > 1 else None,
        _widest(len(site_ids) * len(sought)),
    )
    return _walk(connection, words, below, most)


def with_any(
    connection: Connection, site_id: SiteId, terms: Collection[str], most: int
) -> list[int]:
    """Return the numbers of comments that have one of these terms, the newest first.

    A few of them may be of other sites.
    """
    if not terms:
        return []
    quote, either = ('"', " OR ") if connection.dialect.name == "sqlite" else ("'", " | ")

    def write(blocks: Collection[int]) -> str:
        starts = [search.prefix(block, site_id) for block in blocks]
        return either.join(f"{quote}{start}{term}{quote}" for start in starts for term in terms)

    return _walk(connection, _Words(write, None, _widest(len(terms))), _end(connection), most)


def _end(connection: Connection) -> int:
    last = connection.execute(select(func.max(search.entries.c.number))).scalar_one()
    return (last or 0) + 1


def _walk(connection: Connection, words: _Words, below: int, most: int) -> list[int]:
    """Ask block by block, from the newest on, until enough is found."""
    _keep_to_indexes(connection)
    found: list[int] = []
    longest = words.longest
    top, width = (below - 1) // search.BLOCK, 1
    while top >= 0 and len(found) < most:
        blocks: Collection[int] = range(top, max(top - width, -1), -1)
        if width > 1 and longest is not None:
            rare = _where(connection, longest(blocks))
            blocks, longest = (blocks, None) if rare is None else (rare, longest)
        if blocks:
            values = {"query": words.all(blocks), "below": below, "most": most - len(found)}
            found += connection.execute(_FIND[connection.dialect.name], values).scalars()
        top -= width
        width = next_width(below - (top + 1) * search.BLOCK, len(found), most, words.widest)
    return found


def next_width(looked_at: int, found: int, most: int, widest: int) -> int:
    """Return in how many blocks twice of what is missing stands, if they are like those before.

    What is common is not read in more blocks than it needs, and what is rare is looked for in many:
    in up to sixteen times as many as before, since at one of several sites much may be older. And
    at least in as many as before: what was common yesterday need not be the day before.
    """
    between = looked_at / (found + 1)
    enough = ceil(2 * (most - found) * between / search.BLOCK)
    before = looked_at // search.BLOCK
    return min(max(enough, before), 16 * max(before, 1), widest)


def _where(connection: Connection, query: str) -> Collection[int] | None:
    """Return the blocks in which a word stands; None where many comments have it.

    To look for a rare word alone takes a tenth of what it takes together with a common one.
    """
    values = {"query": query, "most": FEW}
    numbers = connection.execute(_FIND_ANYWHERE[connection.dialect.name], values).scalars().all()
    if len(numbers) == FEW:
        return None
    return sorted({number // search.BLOCK for number in numbers}, reverse=True)


def _widest(terms: int) -> int:
    return max(MOST_TERMS // terms, 1)


def _query(
    dialect: str,
    site_ids: Collection[SiteId],
    sought: Collection[Sought],
    blocks: Collection[int],
) -> str:
    quote, begins = ('"', "*") if dialect == "sqlite" else ("'", ":*")
    both, either = (" AND ", " OR ") if dialect == "sqlite" else (" & ", " | ")
    return either.join(
        "(" + both.join(f"{quote}{start}{s.term}{quote}{begins * s.begins}" for s in sought) + ")"
        for block in blocks
        for start in (search.prefix(block, site_id) for site_id in site_ids)
    )


def _keep_to_indexes(connection: Connection) -> None:
    # Without statistics yet, PostgreSQL would expect many matches and read the whole table.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_seqscan = off"))
