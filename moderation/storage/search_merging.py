"""Tidying SQLite's search index: what was removed from it leaves the file."""

from sqlalchemy import text

from moderation.storage.database import Connection

_MERGE = text("INSERT INTO search_words (search_words, rank) VALUES ('merge', :pages)")


def merge(connection: Connection, pages: int, *, begin: bool) -> bool:
    """Rewrite some pages of SQLite's index without what was removed; False where nothing is left.

    FTS5 only marks removed terms; they leave the file when all its parts were written anew.
    """
    before = _changes(connection)
    connection.execute(_MERGE, {"pages": -pages if begin else pages})
    # The command itself counts as one change.
    return _changes(connection) - before > 1


def _changes(connection: Connection) -> int:
    return int(connection.execute(text("SELECT total_changes()")).scalar_one())
