"""The search index: which words stand in which comment.

Every comment has a number. A term is stored behind the number's block and the site, so a common
word is read from the newest blocks only and a rare one is looked up once per block. Words are cut
up by us (`model.words`), so that both databases find the same: in SQLite's FTS5, which keeps the
terms and no text, and in a GIN index of PostgreSQL, which needs no extension.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Table,
    Text,
    TextClause,
    Uuid,
    column,
    func,
    insert,
    select,
    table,
    text,
    true,
)

from moderation.model.ids import CommentId, SiteId
from moderation.storage.database import Connection, skipping_insert
from moderation.storage.given import Among, Given
from moderation.storage.schema import metadata, reference

BLOCK = 16_384
"""Comments in a block: the most that a common word makes the database read at once."""

entries = Table(
    "search_entries",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    reference("comment_id", "comments"),
    Index("ix_search_entries_comment_id", "comment_id", unique=True),
)
_AT = (
    select(entries.c.comment_id)
    .where(Among(entries.c.number, "numbers"))
    .order_by(entries.c.number.desc())
)
# `search_words` holds the terms: a virtual table on SQLite, one with a GIN index on PostgreSQL;
# SQLAlchemy knows neither kind, so the migrations make it by hand.
_NEW_ENTRIES = Given("new", {"comment_id": Uuid()})
_NEW_WORDS = Given("new", {"number": BigInteger(), "terms": Text()})
_ADD_TO_SQLITE = text("INSERT INTO search_words (rowid, terms) VALUES (:number, :terms)")
# Of them all at once, since each statement costs the server as much as a row.
_new_words = _NEW_WORDS.table("postgresql").c
_ADD_TO_POSTGRESQL = insert(table("search_words", column("number"), column("terms"))).from_select(
    ["number", "terms"],
    select(_new_words.number, func.array_to_tsvector(func.string_to_array(_new_words.terms, " "))),
)
# FTS5 keeps no text, so it must be told which terms it shall forget.
_REMOVE = {
    "sqlite": text(
        "INSERT INTO search_words (search_words, rowid, terms) VALUES ('delete', :number, :terms)"
    ),
    "postgresql": text("DELETE FROM search_words WHERE number = :number"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A comment with what it can be found by."""

    comment_id: CommentId
    site_id: SiteId
    terms: frozenset[str]


def add_all(connection: Connection, found: Sequence[Entry]) -> None:
    """Let comments be found, those that can be found already aside; they must be locked."""
    terms = {one.comment_id: one for one in found}
    dialect = connection.dialect
    new = _NEW_ENTRIES.parameter(dialect, ({"comment_id": one} for one in terms))
    numbered = connection.execute(_number(dialect.name), new)
    places = [(row.number, terms[row.comment_id]) for row in numbered]
    if places:
        write_all(connection, places)


def write_all(connection: Connection, places: Sequence[tuple[int, Entry]]) -> None:
    """Write what comments can be found by at their numbers, where nothing is written."""
    rows = [_values(number, one) for number, one in places]
    if connection.dialect.name == "sqlite":
        connection.execute(_ADD_TO_SQLITE, rows)
    else:
        new = _NEW_WORDS.parameter(connection.dialect, rows)
        connection.execute(_ADD_TO_POSTGRESQL, new)


@cache
def _number(dialect: str) -> Any:  # noqa: ANN401 - one of two dialects
    new = _NEW_ENTRIES.table(dialect)
    # Without a condition, SQLite would take what follows for one of a join.
    chosen = select(new.c.comment_id).where(true())
    statement = skipping_insert(dialect, entries, (entries.c.number, entries.c.comment_id))
    return statement.from_select(["comment_id"], chosen)


def replace(connection: Connection, old: Entry, new: Entry) -> None:
    """Let a comment be found by other terms; the old ones must be exactly what was added."""
    number = number_of(connection, old.comment_id)
    if number is None or old.terms == new.terms:
        return
    connection.execute(_of(connection, _REMOVE), _values(number, old))
    write_all(connection, [(number, new)])


def number_of(connection: Connection, comment_id: CommentId) -> int | None:
    """Return a comment's place among all that can be found."""
    statement = select(entries.c.number).where(entries.c.comment_id == comment_id)
    return connection.execute(statement).scalar_one_or_none()


def comments_at(connection: Connection, numbers: Sequence[int]) -> list[CommentId]:
    """Return which comments have these numbers, the newest first."""
    return list(connection.execute(_AT, {"numbers": numbers}).scalars())


def _values(number: int, entry: Entry) -> dict[str, object]:
    start = prefix(number // BLOCK, entry.site_id)
    return {"number": number, "terms": " ".join([start + term for term in entry.terms])}


def prefix(block: int, site_id: SiteId) -> str:
    """Return what a site's terms begin with in a block."""
    # The end of an id is random. Two sites may share it: whoever reads comments asks for the site.
    return f"{block:04x}{site_id.hex[-4:]}"


def _of(connection: Connection, statements: dict[str, TextClause]) -> TextClause:
    return statements[connection.dialect.name]
