"""The migrations and the tables in the code say the same."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from moderation.runtime import Runtime
from moderation.storage.tables import metadata


def of_the_tables(_item: object, name: str | None, kind: str, *_: object) -> bool:
    """Leave out what SQLAlchemy has no word for: the words of the search index."""
    return kind != "table" or not (name or "").startswith("search_words")


def test_the_migrations_make_the_tables_that_the_code_describes(runtime: Runtime) -> None:
    options = {"compare_type": True, "include_object": of_the_tables}
    with runtime.reading() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
