"""Migrations: the only way in which the schema comes to be."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from moderation.storage.database import Database

_LOCK = 0x636F7079
"""The number of PostgreSQL's advisory lock for migrating; any fixed one does."""

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Bring the schema to the newest revision; does nothing where it is. Idempotent.

    Two processes that migrate at once wait for each other (SQLite by its write lock).
    """
    with database.transaction() as connection:
        if not database.is_sqlite:
            # Another process may migrate for longer than anybody else may wait.
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Say whether the schema is at the newest revision."""
    return _revisions(database) == _script().get_heads()


def is_behind(database: Database) -> bool:
    """Say whether the schema is at an older revision than the newest, or at none; cheap.

    One that we do not know is a newer version's, which migrates while we still run.
    """
    found = _revisions(database)
    return found != _script().get_heads() and all(revision in _known() for revision in found)


def _revisions(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(MigrationContext.configure(connection).get_current_heads())


@cache
def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in _script().walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
