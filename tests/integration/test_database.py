"""A PostgreSQL that turns us away counts as one that is away."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from moderation.model.errors import StorageUnavailable
from moderation.storage.database import Database
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
