"""What a statement is given in one parameter is read as it was meant, on both databases."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)

from moderation.runtime import Runtime
from moderation.storage.comments import set_statuses
from moderation.storage.given import Among, Given
from moderation.storage.schema import UtcDateTime, moment
from tests.factories import Agora, submit
from tests.statements import heard

things = Table(
    "things",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("name", String(5)),
    Column("many", BigInteger),
    moment("seen_at", nullable=True),
    Index("ix_things_name", "name"),
)
GIVEN = Given("new", {"id": Uuid(), "name": Text(), "many": BigInteger(), "seen_at": UtcDateTime()})
NAMES = ["", "a'b", 'c"d', "{e,}", "\\N", "NULL", "Größe", "🦊\u202e", None]
BERLIN = timezone(timedelta(hours=1))


def thing(number: int) -> dict[str, Any]:
    return {
        "id": UUID(int=number),
        "name": NAMES[number % len(NAMES)],
        "many": None if number % 5 == 0 else (-1) ** number * (2**63 - number),
        "seen_at": None if number % 3 else datetime(2026, 11, 27, 1, 2, 3, 456789, BERLIN),
    }


THINGS = [thing(number) for number in range(40)]


@pytest.fixture
def stored(runtime: Runtime) -> Runtime:
    with runtime.transaction() as connection:
        things.create(connection)
        connection.execute(insert(things), THINGS)
    return runtime


def ids_among(runtime: Runtime, column: Column[Any], values: Collection[Any]) -> list[int]:
    statement = select(things.c.id).where(Among(column, "wanted")).order_by(things.c.id)
    with runtime.reading() as connection:
        return [one.int for one in connection.execute(statement, {"wanted": values}).scalars()]


@pytest.mark.parametrize("numbers", [[], [7], [3, 4, 30, 99], range(40)])
def test_rows_are_found_by_ids(stored: Runtime, numbers: Sequence[int]) -> None:
    wanted = [UUID(int=number) for number in numbers]
    assert ids_among(stored, things.c.id, wanted) == [one for one in numbers if one < 40]
    assert ids_among(stored, things.c.id, set(wanted)) == [one for one in numbers if one < 40]


@pytest.mark.parametrize("name", [name for name in NAMES if name is not None])
def test_rows_are_found_by_hostile_names(stored: Runtime, name: str) -> None:
    expected = [number for number, one in enumerate(THINGS) if one["name"] == name]
    assert ids_among(stored, things.c.name, {name, "elsewhere"}) == expected
    assert expected


def test_what_is_longer_than_the_column_is_not_cut_off(stored: Runtime) -> None:
    assert ids_among(stored, things.c.name, ["Größe"])
    assert not ids_among(stored, things.c.name, ["Größer"])


def test_the_columns_own_index_is_used(stored: Runtime) -> None:
    explain = "EXPLAIN QUERY PLAN " if stored.database.is_sqlite else "EXPLAIN "
    for column, index in ((things.c.id, ("autoindex", "things_pkey")), (things.c.name, ("ix_",))):
        wanted = {"wanted": [one[column.name] for one in THINGS[:2]]}
        with heard(stored) as said, stored.reading() as connection:
            connection.execute(select(things).where(Among(column, "wanted")), wanted)
        with stored.transaction() as connection:
            if not stored.database.is_sqlite:
                connection.execute(text("SET LOCAL enable_seqscan = off"))
            plan = connection.exec_driver_sql(explain + said[0].text, said[0].values).all()
        assert any(name in str(plan) for name in index)


def test_rows_are_read_as_they_were_given(stored: Runtime) -> None:
    with stored.reading() as connection:
        given = GIVEN.parameter(connection.dialect, THINGS)
        new = GIVEN.table(connection.dialect.name)
        found = connection.execute(select(new), given).mappings().all()
        joined = select(things.c.id).join(new, new.c.id == things.c.id)
        same = joined.where(new.c.many.is_not_distinct_from(things.c.many)).where(
            new.c.seen_at.is_not_distinct_from(things.c.seen_at)
        )
        assert len(connection.execute(same, given).all()) == len(THINGS)
    utc = [one | {"seen_at": one["seen_at"] and one["seen_at"].astimezone(UTC)} for one in THINGS]
    assert [dict(row) for row in found] == utc


def test_none_are_no_rows(stored: Runtime) -> None:
    with stored.transaction() as connection:
        new = GIVEN.table(connection.dialect.name)
        changed = update(things).where(things.c.id == new.c.id).values(many=new.c.many)
        given = GIVEN.parameter(connection.dialect, [])
        assert connection.execute(changed.returning(things.c.id), given).all() == []


def test_the_statement_is_the_same_for_each_number_of_rows(runtime: Runtime, agora: Agora) -> None:
    ids = [submit(runtime, agora.site_id, f"c{n}").comment_id for n in range(9)]
    rows = [{"id": one, "status": "approved", "sequence": 1} for one in ids]
    with heard(runtime) as said, runtime.transaction() as connection:
        set_statuses(connection, rows[:1])
        set_statuses(connection, rows)
    one, nine = said
    assert one.text == nine.text
    assert not nine.made_anew
