"""Runtimes for tests to which one database is as good as another."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from moderation.runtime import Runtime, open_runtime
from moderation.settings import Settings
from moderation.storage.migrate import upgrade

SECRET = "a secret of at least thirty-two characters"  # noqa: S105 - for tests


@contextmanager
def sqlite_runtime(folder: Path, **settings: Any) -> Iterator[Runtime]:  # noqa: ANN401 - fields
    """Make a runtime on a migrated file of its own in this folder; close it at the end."""
    url = f"sqlite:///{folder / 'test.sqlite3'}"
    fields = {"secret_key": SECRET, "database_url": url, "var": folder} | settings
    with open_runtime(Settings(**fields)) as made:
        upgrade(made.database)
        yield made
