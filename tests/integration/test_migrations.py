"""The migrations and the tables in the code say the same."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, exc, inspect, text

from moderation.runtime import Runtime
from moderation.storage.tables import metadata
from tests.factories import Agora, flagged_comment


def of_the_tables(_item: object, name: str | None, kind: str, *_: object) -> bool:
    """Leave out what SQLAlchemy has no word for: the words of the search index."""
    return kind != "table" or not (name or "").startswith("search_words")


def checks(connection: Connection, schema: str | None = None) -> dict[tuple[str, str], str]:
    """Return the CHECK constraints by table and name, in the database's own words."""
    found = inspect(connection).get_check_constraints
    return {
        (table, str(check["name"])): check["sqltext"]
        for table in metadata.tables
        for check in found(table, schema)
    }


def test_the_migrations_make_the_tables_that_the_code_describes(runtime: Runtime) -> None:
    options = {"compare_type": True, "include_object": of_the_tables}
    with runtime.reading() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_every_check_that_the_code_describes(runtime: Runtime) -> None:
    # Alembic's comparison does not look at them, so the described tables are made beside the
    # migrated ones, and the database reads both back.
    attach = "ATTACH ':memory:' AS described" if runtime.database.is_sqlite else None
    with runtime.transaction() as connection:
        migrated = checks(connection)
        connection.execute(text(attach or "CREATE SCHEMA described"))
        connection.execution_options(schema_translate_map={None: "described"})
        metadata.create_all(connection)
        described = checks(connection, "described")
    assert len(described) > 16
    assert migrated == described


@pytest.mark.parametrize(
    "column", ["comments.status", "jobs.lane", "reviews.state", "decisions.source", "users.role"]
)
def test_a_word_that_the_code_does_not_know_is_refused(
    runtime: Runtime, agora: Agora, column: str
) -> None:
    flagged_comment(runtime, agora.site_id)
    table, name = column.split(".")
    with pytest.raises(exc.IntegrityError), runtime.transaction() as connection:
        connection.execute(text(f"UPDATE {table} SET {name} = 'banana'"))  # noqa: S608 - ours
