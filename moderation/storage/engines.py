"""The engines of the two databases: how a connection is set up, begun and checked."""

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event

from moderation.model.errors import StorageUnavailable

BUSY_SECONDS = 5
"""How long a writer waits for SQLite's one write lock."""

BUSY_PAUSE_SECONDS = 0.002
"""Between two looks at it."""

CHECKPOINT_TRIES = 10
CHECKPOINT_PAUSE_SECONDS = 0.2

_TURNED_AWAY = frozenset({"25006", "25P03"})
"""PostgreSQL's read_only_sql_transaction (a failover left us at a standby) and
idle_in_transaction_session_timeout: to the driver these are no operational errors."""

_SESSION = (
    # What was accepted outlives a power cut, whatever the server's default says.
    "-c synchronous_commit=on"
    # One stuck session must not stop everybody else's work.
    " -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"
)
_BY_KEYS = " -c enable_seqscan=off"
"""A plan that was kept from when a table was small would read all of it ever after."""


def sqlstate(error: BaseException | None) -> str | None:
    """Return PostgreSQL's code of what went wrong, where there is one."""
    return getattr(error, "sqlstate", None)


def postgresql_engine(url: str, *, by_keys: bool = False) -> Engine:
    """Return an engine for PostgreSQL; it connects at the first use.

    Where rows are read by their keys alone, the server shall plan for that, whatever it knows yet
    of the sizes of tables.
    """
    # The ping costs a tenth of a millisecond and spares a failed request after a restart.
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
            "options": _SESSION + _BY_KEYS * by_keys,
        },
    )
    event.listen(engine, "handle_error", _leave)
    return engine


def _leave(context: ExceptionContext) -> None:
    # Whoever turned us away will do so again: connect anew, perhaps to the new primary.
    if sqlstate(context.original_exception) in _TURNED_AWAY:
        context.is_disconnect = True


def sqlite_engine(url: str) -> Engine:
    """Return an engine for SQLite; it opens the file at the first use."""
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
    if connection.get_execution_options().get("copydesk_writes", False):
        _take_write_lock(connection.connection.driver_connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _take_write_lock(connection: Any) -> None:  # noqa: ANN401 - a driver's connection
    """Ask for the lock every few milliseconds.

    SQLite's own way of waiting soon asks ten times a second only: beside a process that writes all
    the time, others would seldom find the lock free. Raises StorageUnavailable.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while not _has_begun(connection):
            if time.monotonic() > deadline:
                raise StorageUnavailable("Somebody else is writing for too long.")
            time.sleep(BUSY_PAUSE_SECONDS)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS}")


def _has_begun(connection: Any) -> bool:  # noqa: ANN401 - a driver's connection
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        raise StorageUnavailable("SQLite cannot be written to.") from error
    return True


def empty_log(engine: Engine) -> bool:
    """Try a few times to empty SQLite's write-ahead log; return whether it is empty.

    SQLite lets nobody write while this waits for readers, so each try waits for a moment only.
    Raises StorageUnavailable.
    """
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA busy_timeout = 50")
        try:
            for _ in range(CHECKPOINT_TRIES):
                busy, *_pages = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    return True
                time.sleep(CHECKPOINT_PAUSE_SECONDS)
        except sqlite3.OperationalError as error:
            raise StorageUnavailable("SQLite's log cannot be emptied.") from error
        finally:
            raw.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS}")
    return False
