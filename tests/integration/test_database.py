"""Databases that are away, turn us away or are written to by others all the time."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from moderation.model.errors import StorageUnavailable
from moderation.storage import engines, perspective_scores, search
from moderation.storage.database import (
    Database,
    insert_or_add,
    insert_or_replace,
    insert_or_skip,
)
from tests.installation import wait_until
from tests.servers import scratch_database


@pytest.fixture
def database(postgresql_server: str) -> Iterator[Database]:
    with scratch_database(postgresql_server) as url:
        made = Database(url)
        write(made, "CREATE TABLE words (word TEXT)")
        yield made
        made.dispose()


def write(database: Database, statement: str) -> None:
    with database.transaction() as connection:
        connection.execute(text(statement))


def gone(database: Database, process: int) -> bool:
    with database.reading() as connection:
        statement = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
        return connection.execute(statement, {"pid": process}).scalar_one() == 0


def test_after_a_failover_writing_waits_for_the_new_primary(database: Database) -> None:
    name = database.url.database
    write(database, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    database.dispose()
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            write(database, "INSERT INTO words VALUES ('lost')")
    # Still the same pool: a connection to the old server must not be taken from it again.
    with database.reading() as connection:
        connection.execute(text("SET TRANSACTION READ WRITE"))
        connection.execute(text(f"ALTER DATABASE {name} RESET default_transaction_read_only"))
    with pytest.raises(StorageUnavailable):
        write(database, "INSERT INTO words VALUES ('lost')")
    write(database, "INSERT INTO words VALUES ('kept')")
    with database.reading() as connection:
        assert connection.execute(text("SELECT word FROM words")).scalars().all() == ["kept"]


def test_statements_for_every_comment_are_made_once(database: Database) -> None:
    columns = search.entries.c.number, search.entries.c.comment_id
    table, key = perspective_scores.perspective_scores, perspective_scores.KEY
    with database.reading() as connection:
        for insert in (insert_or_add, insert_or_replace):
            assert insert(connection, table, key) is insert(connection, table, key)
        numbered, again = (insert_or_skip(connection, search.entries, *columns) for _ in range(2))
    assert numbered is again


def test_a_restart_of_the_server_costs_no_transaction(database: Database) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    with database.reading() as first, database.reading() as second:
        ours = text("SELECT pg_backend_pid()")
        processes = [connection.execute(ours).scalar_one() for connection in (first, second)]
    for process in processes:
        write(other, f"SELECT pg_terminate_backend({process})")
        wait_until(partial(gone, other, process))
    write(database, "INSERT INTO words VALUES ('kept')")
    other.dispose()


def give_up(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(text("INSERT INTO words VALUES ('given up')"))
        raise ZeroDivisionError


def test_a_connection_that_was_glanced_by_is_one_for_transactions_again(database: Database) -> None:
    for _ in range(3):
        with database.glancing() as connection:
            assert connection.execute(text("SELECT count(*) FROM words")).scalar_one() == 0
        with pytest.raises(ZeroDivisionError):
            give_up(database)


def plan(database: Database, statement: str) -> str:
    with database.reading() as connection:
        return str(connection.execute(text(f"EXPLAIN {statement}")).all())


def test_who_reads_by_keys_plans_for_it_while_tables_are_small(database: Database) -> None:
    write(database, "CREATE INDEX by_word ON words (word)")
    write(database, "INSERT INTO words VALUES ('few')")
    write(database, "ANALYZE words")
    by_keys = Database(database.url.render_as_string(hide_password=False), by_keys=True)
    looked_up = "SELECT * FROM words WHERE word = 'few'"
    assert "Seq Scan" in plan(database, looked_up)
    assert "by_word" in plan(by_keys, looked_up)
    by_keys.dispose()


def idle_for_too_long(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 1"))
        process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        deadline = time.monotonic() + 10
        while not gone(database, process):
            assert time.monotonic() < deadline
        connection.execute(text("SELECT 1"))


def test_a_transaction_that_the_server_ended_for_idling_is_one_to_repeat(
    database: Database,
) -> None:
    with pytest.raises(StorageUnavailable):
        idle_for_too_long(database)
    write(database, "INSERT INTO words VALUES ('kept')")


HELD_SECONDS = 0.05


def write_without_a_rest(path: Path, begun: threading.Event, stop: threading.Event) -> None:
    """Hold the write lock nearly always, as a worker does whose classifier costs nothing."""
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as connection:
        while not stop.is_set():
            connection.execute("BEGIN IMMEDIATE")
            begun.set()
            time.sleep(HELD_SECONDS)
            connection.execute("COMMIT")
            time.sleep(HELD_SECONDS / 100)


def test_who_writes_all_the_time_keeps_nobody_out_of_sqlite(tmp_path: Path) -> None:
    path, begun, stop = tmp_path / "database.sqlite", threading.Event(), threading.Event()
    database = Database(f"sqlite:///{path}")
    write(database, "CREATE TABLE words (word TEXT)")
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_without_a_rest, path, begun, stop)
        begun.wait(10)
        try:
            for _ in range(15):
                write(database, "INSERT INTO words VALUES ('kept')")
                # Not twice in one gap.
                time.sleep(HELD_SECONDS)
        finally:
            stop.set()
        writing.result()
    database.dispose()


def test_the_log_is_emptied_once_nobody_reads_and_nobody_waits_for_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "CHECKPOINT_PAUSE_SECONDS", 0.0)
    database = Database(f"sqlite:///{tmp_path / 'log.sqlite3'}")
    write(database, "CREATE TABLE words (word TEXT)")
    with database.reading() as connection:
        connection.execute(text("SELECT * FROM words")).all()
        write(database, "INSERT INTO words VALUES ('erased later')")
        assert not database.checkpoint()
        write(database, "DELETE FROM words")
    assert database.checkpoint()
    assert b"erased later" not in (tmp_path / "log.sqlite3-wal").read_bytes()
    with database.reading() as connection:
        waits = connection.execute(text("PRAGMA busy_timeout")).scalar_one()
    assert waits == engines.BUSY_SECONDS * 1000
    database.dispose()
