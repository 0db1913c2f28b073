"""Inserting many rows of one table at once.

PostgreSQL takes them by COPY: for each row that costs it, and us, about half of an INSERT.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Dialect, Table, exc, insert

from moderation.storage.database import Connection
from moderation.storage.given import bind_processor

WORTH_COPYING = 16
"""Rows from which on one more exchange with the server is made up for."""


def insert_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that give the same columns; the table's defaults count for those left out."""
    if connection.dialect.name == "sqlite" or len(rows) < WORTH_COPYING:
        connection.execute(insert(table), list(rows))
    else:
        _copy(connection, table, rows)


def _copy(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    statement, values_of = _copying(connection.dialect, table, frozenset(rows[0]))
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(values_of(row))
    except psycopg.Error as error:
        # What SQLAlchemy does where it runs a statement itself.
        if driver.closed:
            connection.invalidate(error)
        raise exc.DBAPIError.instance(
            statement,
            None,
            error,
            psycopg.Error,
            hide_parameters=True,
            connection_invalidated=driver.closed,
            dialect=connection.dialect,
        ) from error


@lru_cache(maxsize=64)
def _copying(
    dialect: Dialect, table: Table, given: frozenset[str]
) -> tuple[str, Callable[[Mapping[str, Any]], list[Any]]]:
    """Return the statement, and what makes the values of a row that gives these columns."""
    if unknown := given - set(table.c.keys()):
        raise ValueError(f"{table.name} has no column {min(unknown)}")
    columns = [column for column in table.c if column.name in given]
    others = [column for column in table.c if column.name not in given and column.default]
    quote = dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in (*columns, *others))
    makers = [(column.name, bind_processor(column.type, dialect)) for column in columns]
    defaults = [bind_processor(column.type, dialect)(_default(column)) for column in others]

    def values_of(row: Mapping[str, Any]) -> list[Any]:
        return [make(row[name]) for name, make in makers] + defaults

    return f"COPY {quote(table.name)} ({names}) FROM STDIN", values_of


def _default(column: Any) -> Any:  # noqa: ANN401 - of any type
    if not column.default.is_scalar:
        raise TypeError(f"{column} has a default that is no value")
    return column.default.arg
