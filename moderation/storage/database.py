"""One database: SQLite for one machine, PostgreSQL for more."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    ExceptionContext,
    Table,
    create_engine,
    event,
    exc,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from moderation.model.clock import Clock
from moderation.model.errors import Contended, StorageUnavailable
from moderation.storage import steady_clock

__all__ = ["Connection", "Database", "insert_or_skip", "without_empty_columns"]

BUSY_SECONDS = 5
"""How long a writer waits for SQLite's one write lock."""

_CONTENDED = frozenset({"40P01", "40001", "55P03"})
"""PostgreSQL's deadlock_detected, serialization_failure and lock_not_available."""

_TURNED_AWAY = frozenset({"25006", "25P03"})
"""PostgreSQL's read_only_sql_transaction (a failover left us at a standby) and
idle_in_transaction_session_timeout: to the driver these are no operational errors."""

_SESSION = (
    # What was accepted outlives a power cut, whatever the server's default says.
    "-c synchronous_commit=on"
    # One stuck session must not stop everybody else's work.
    " -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"
)

_CLOCK = select(func.clock_timestamp(type_=DateTime(timezone=True)))

_UNAVAILABLE = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError)


class Database:
    """Hands out transactions; connects at the first one."""

    def __init__(self, url: str, held: Clock | None = None) -> None:
        self._held = held
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open a writing transaction: commits at the end, rolls back on an error.

        Raises StorageUnavailable where the database is away, full or locked for too long.
        """
        with _available(), self.engine.connect() as connection:
            connection.execution_options(copydesk_writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that only reads, and so waits for no writer.

        Raises StorageUnavailable where the database is away.
        """
        with _available(), self.engine.connect() as connection:
            if not self.is_sqlite:
                # One snapshot for all statements; SQLite's transactions have that anyway.
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    def now(self, connection: Connection) -> datetime:
        """Return the one time that leases and ages are compared with.

        Processes on several machines share PostgreSQL's clock, so that their own clocks do not
        matter; SQLite's processes share a machine, and its steady clock. A test may hold it.
        """
        if self._held is not None:
            return self._held.now()
        if self.is_sqlite:
            return steady_clock.now(connection)
        moment: datetime = connection.execute(_CLOCK).scalar_one()
        return moment.astimezone(UTC)

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

    def checkpoint(self) -> None:
        """Empty SQLite's write-ahead log, in which erased texts stand until it is overwritten."""
        if self.is_sqlite:
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.close()

    def dispose(self) -> None:
        """Close all pooled connections: after a fork, and at the end."""
        self.engine.dispose()


def insert_or_skip(connection: Connection, table: Table) -> Any:  # noqa: ANN401 - one of two dialects
    """Return an INSERT that skips rows which already exist (ON CONFLICT DO NOTHING)."""
    return _insert_or_skip(connection.dialect.name, table)


@cache
def _insert_or_skip(dialect: str, table: Table) -> Any:  # noqa: ANN401 - one of two dialects
    # Made once: to build it takes longer than to run it.
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing()


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
        if _sqlstate(getattr(error, "orig", None)) in _CONTENDED:
            raise Contended("Somebody else is changing the same.") from error
        raise StorageUnavailable("The database does not answer.") from error
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            raise StorageUnavailable("The connection to the database broke.") from error
        raise


def _leave(context: ExceptionContext) -> None:
    # Whoever turned us away will do so again: connect anew, perhaps to the new primary.
    if _sqlstate(context.original_exception) in _TURNED_AWAY:
        context.is_disconnect = True


def _sqlstate(error: BaseException | None) -> str | None:
    return getattr(error, "sqlstate", None)


def _postgresql_engine(url: str) -> Engine:
    # The ping costs some 20 microseconds and spares a failed request after a restart.
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=20,
        max_overflow=20,
        pool_timeout=5,
        # An error would otherwise quote what was to be written: the comment.
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args={
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 10,
            "options": _SESSION,
        },
    )
    event.listen(engine, "handle_error", _leave)
    return engine


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=20,
        max_overflow=20,
        pool_timeout=5,
        hide_parameters=True,
        # The driver begins nothing by itself: _begin below says how each transaction starts.
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection
    for pragma in (
        "journal_mode = WAL",
        # An accepted comment outlives a power cut: WAL with NORMAL may lose the last commits.
        "synchronous = FULL",
        "foreign_keys = ON",
        # What is erased is overwritten.
        "secure_delete = ON",
        "temp_store = MEMORY",
        "cache_size = -32768",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a reader that turns writer halfway would deadlock.
    writes = connection.get_execution_options().get("copydesk_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
