"""Growing: a database that plans for as much as there is."""

from moderation.runtime import Runtime
from moderation.storage import growth
from moderation.storage.tables import metadata


def count_grown(runtime: Runtime) -> list[str]:
    """Have PostgreSQL count tables that have grown many times over since; return which.

    SQLite plans without counting. Raises StorageUnavailable.
    """
    if runtime.database.is_sqlite:
        return []
    with runtime.transaction() as connection:
        return growth.count_grown(connection, [*metadata.tables, "search_words"])
