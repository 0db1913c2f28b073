"""One database: SQLite for one machine, PostgreSQL for more."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Select,
    Table,
    exc,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from moderation.model.clock import Clock
from moderation.model.errors import Contended, StorageUnavailable
from moderation.storage import steady_clock
from moderation.storage.engines import empty_log, postgresql_engine, sqlite_engine, sqlstate

__all__ = [
    "AdvisoryLock",
    "Connection",
    "Database",
    "insert_or_add",
    "insert_or_replace",
    "insert_or_skip",
    "skipping_insert",
    "without_empty_columns",
]

_CONTENDED = frozenset({"40P01", "40001", "55P03"})
"""PostgreSQL's deadlock_detected, serialization_failure and lock_not_available."""

_UNAVAILABLE = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError)


@dataclass(frozen=True, slots=True)
class AdvisoryLock:
    """A lock of PostgreSQL's, by number, that ends with the transaction; many may share it.

    SQLite needs none: it has one writer at a time.
    """

    number: int
    shared: bool = False


class Database:
    """Hands out transactions; connects at the first one."""

    def __init__(self, url: str, held: Clock | None = None, *, by_keys: bool = False) -> None:
        self._held = held
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = (
            sqlite_engine(url) if self.is_sqlite else postgresql_engine(url, by_keys=by_keys)
        )

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open a writing transaction: commits at the end, rolls back on an error.

        Raises StorageUnavailable where the database is away, full or locked for too long.
        """
        with _available(), self.engine.connect() as connection:
            connection.execution_options(copydesk_writes=True)
            with connection.begin():
                yield connection

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a transaction that only reads, and so waits for no writer.

        Raises StorageUnavailable where the database is away.
        """
        # One snapshot for all statements; SQLite's transactions have that anyway.
        return self._at("REPEATABLE READ")

    def glancing(self) -> AbstractContextManager[Connection]:
        """Open a connection for one statement that only reads: that one needs no transaction.

        On PostgreSQL it costs half of what a transaction does, which is three exchanges.
        Raises StorageUnavailable where the database is away.
        """
        return self._at("AUTOCOMMIT")

    @contextmanager
    def _at(self, level: str) -> Iterator[Connection]:
        with _available(), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level=level)
            with connection.begin():
                yield connection

    def now(self, connection: Connection, behind: AdvisoryLock | None = None) -> datetime:
        """Return the one time that leases and ages are compared with, once a lock is taken.

        Processes on several machines share PostgreSQL's clock, so that their own clocks do not
        matter; SQLite's processes share a machine, and its steady clock. A test may hold it.
        """
        if self._held is not None and (self.is_sqlite or behind is None):
            return self._held.now()
        if self.is_sqlite:
            return steady_clock.now(connection)
        moment: datetime = connection.execute(_clock(behind)).scalar_one()
        return moment.astimezone(UTC) if self._held is None else self._held.now()

    def follow_time_of_day(self) -> timedelta:
        """Set SQLite's time anew where this machine's was set; return by how much.

        Leases and waiting times are moved along. Raises StorageUnavailable.
        """
        if self._held is not None or not self.is_sqlite:
            return timedelta(0)
        with self.reading() as connection:
            if not steady_clock.step(connection):
                return timedelta(0)
        with self.transaction() as connection:
            step = steady_clock.step(connection)
            steady_clock.follow(connection, step)
        return step

    def checkpoint(self) -> bool:
        """Empty SQLite's write-ahead log, in which erased texts stand until it is overwritten.

        Returns False where somebody reads for long, so that it could not be emptied. Raises
        StorageUnavailable.
        """
        with _available():
            return not self.is_sqlite or empty_log(self.engine)

    def dispose(self) -> None:
        """Close all pooled connections: after a fork, and at the end."""
        self.engine.dispose()


@cache
def _clock(behind: AdvisoryLock | None) -> Select[Any]:
    moment = select(func.clock_timestamp(type_=DateTime(timezone=True)))
    if behind is None:
        return moment
    take = func.pg_advisory_xact_lock_shared if behind.shared else func.pg_advisory_xact_lock
    # The time is read of the row that the lock gives, and so after it.
    return moment.select_from(select(take(behind.number)).subquery("held"))


# Each of these statements is made once: to build one takes longer than to run it.


def insert_or_skip(connection: Connection, table: Table, *returning: Column[Any]) -> Any:  # noqa: ANN401 - one of two dialects
    """Return an INSERT that skips rows which already exist (ON CONFLICT DO NOTHING)."""
    return skipping_insert(connection.dialect.name, table, returning)


@cache
def skipping_insert(dialect: str, table: Table, returning: tuple[Column[Any], ...]) -> Any:  # noqa: ANN401 - one of two dialects
    """Return the INSERT of `insert_or_skip`, by the name of the dialect."""
    statement = _insert(dialect, table).on_conflict_do_nothing()
    return statement.returning(*returning) if returning else statement


def insert_or_replace(connection: Connection, table: Table, key: tuple[str, ...]) -> Any:  # noqa: ANN401 - one of two dialects
    """Return an INSERT that overwrites a row of the same unique key, but for its id."""
    return _insert_or_replace(connection.dialect.name, table, key)


@cache
def _insert_or_replace(dialect: str, table: Table, key: tuple[str, ...]) -> Any:  # noqa: ANN401 - one of two dialects
    statement = _insert(dialect, table)
    kept = {"id", *key}
    changed = {name: column for name, column in statement.excluded.items() if name not in kept}
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


def insert_or_add(connection: Connection, table: Table, key: tuple[str, ...]) -> Any:  # noqa: ANN401 - one of two dialects
    """Return an INSERT that overwrites a row of the same unique key, but where None is given."""
    return _insert_or_add(connection.dialect.name, table, key)


@cache
def _insert_or_add(dialect: str, table: Table, key: tuple[str, ...]) -> Any:  # noqa: ANN401 - one of two dialects
    statement = _insert(dialect, table)
    changed = {
        name: func.coalesce(column, table.c[name])
        for name, column in statement.excluded.items()
        if name not in key
    }
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


def _insert(dialect: str, table: Table) -> Any:  # noqa: ANN401 - one of two dialects
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def without_empty_columns(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows to insert without the columns that are None in each: they cost like the others.

    Only for tables in which no column has a default of its own where None is given.
    """
    filled = {name for row in rows for name, value in row.items() if value is not None}
    return [{name: row[name] for name in row if name in filled} for row in rows]


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except _UNAVAILABLE as error:
        if sqlstate(getattr(error, "orig", None)) in _CONTENDED:
            raise Contended("Somebody else is changing the same.") from error
        raise StorageUnavailable("The database does not answer.") from error
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            raise StorageUnavailable("The connection to the database broke.") from error
        raise
