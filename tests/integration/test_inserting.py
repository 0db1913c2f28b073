"""Many rows at once: PostgreSQL gets them another way than few, and that must not show."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    exc,
    select,
    text,
)

from moderation.model.errors import StorageUnavailable
from moderation.model.jobs import JobState
from moderation.runtime import Runtime
from moderation.storage.database import Database
from moderation.storage.inserting import WORTH_COPYING, insert_all
from moderation.storage.schema import enum_column, json_column, moment
from tests.servers import scratch_database

things = Table(
    "things",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("order", Integer),
    Column("text", Text),
    Column("share", Float),
    enum_column("state", JobState, default=JobState.QUEUED),
    Column("known", Boolean, nullable=False, default=False),
    Column("many", Integer, nullable=False, server_default="7"),
    json_column("reasons", nullable=True),
    moment("seen_at", nullable=True),
)

TEXTS = ["", "a\tb\nc\\d", "\\N", "\\.", "Größe 🦊 \u202e", None]


def thing(number: int) -> dict[str, Any]:
    return {
        "id": UUID(int=number),
        "order": number,
        "text": TEXTS[number % len(TEXTS)],
        "share": None if number % 2 else number / 3,
        "reasons": None if number % 3 else [{"kind": "label", "score": 0.1}, None, "\\N\t"],
        "seen_at": None if number % 5 else datetime(2026, 11, 27, 1, 2, 3, 456789, UTC),
    }


@pytest.fixture
def database(postgresql_server: str) -> Iterator[Database]:
    with scratch_database(postgresql_server) as url:
        made = Database(url)
        with made.transaction() as connection:
            things.create(connection)
        yield made
        made.dispose()


def insert_after_the_end(database: Database, rows: list[dict[str, Any]]) -> None:
    with database.transaction() as connection:
        process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with database.transaction() as other:
            other.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
        insert_all(connection, things, rows)


@pytest.mark.parametrize("count", [1, WORTH_COPYING - 1, WORTH_COPYING, 100])
def test_rows_are_read_as_they_were_given(runtime: Runtime, count: int) -> None:
    rows = [thing(number) for number in range(count)]
    with runtime.transaction() as connection:
        things.create(connection)
        insert_all(connection, things, rows)

    with runtime.reading() as connection:
        found = connection.execute(select(things).order_by(things.c.order)).mappings().all()
    by_default = {"state": "queued", "known": False, "many": 7}
    assert [dict(row) for row in found] == [row | by_default for row in rows]


def test_what_is_given_goes_before_the_default(runtime: Runtime) -> None:
    rows = [thing(n) | {"state": JobState.DONE, "known": True, "many": n} for n in range(50)]
    with runtime.transaction() as connection:
        things.create(connection)
        insert_all(connection, things, rows)

    with runtime.reading() as connection:
        found = connection.execute(select(things.c.state, things.c.known, things.c.many)).all()
    assert sorted(tuple(row) for row in found) == [("done", True, n) for n in range(50)]


@pytest.mark.parametrize("count", [2, 50])
def test_a_row_that_is_there_already_undoes_all_and_is_told_alike(
    runtime: Runtime, count: int
) -> None:
    rows = [thing(number) for number in range(count)]
    with runtime.transaction() as connection:
        things.create(connection)
        insert_all(connection, things, rows[1:2])

    with pytest.raises(exc.IntegrityError) as raised, runtime.transaction() as connection:
        insert_all(connection, things, rows)
    assert "Größe" not in str(raised.value)
    with runtime.reading() as connection:
        assert connection.execute(select(things.c.order)).scalars().all() == [1]


@pytest.mark.parametrize("count", [2, 50])
def test_a_server_that_is_gone_is_unavailable_and_the_next_transaction_works(
    database: Database, count: int
) -> None:
    rows = [thing(number) for number in range(count)]
    with pytest.raises(StorageUnavailable):
        insert_after_the_end(database, rows)

    with database.transaction() as connection:
        insert_all(connection, things, rows)
    with database.reading() as connection:
        assert len(connection.execute(select(things.c.id)).all()) == count


def test_a_column_that_is_not_there_is_refused(database: Database) -> None:
    rows = [thing(number) | {"colour": "red"} for number in range(50)]
    with pytest.raises(ValueError, match="colour"), database.transaction() as connection:
        insert_all(connection, things, rows)


def test_rows_must_give_the_same_columns(database: Database) -> None:
    rows = [thing(number) for number in range(50)]
    del rows[7]["text"]
    with pytest.raises(KeyError, match="text"), database.transaction() as connection:
        insert_all(connection, things, rows)
    with database.transaction() as connection:
        insert_all(connection, things, [thing(0) | {"id": uuid4()}])
