"""Where to measure: installations of real processes on each kind of database."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.installation import Installation, installation
from tests.servers import postgresql, scratch_database

KINDS = ("SQLite", "PostgreSQL")


@contextmanager
def place(kind: str) -> Iterator[Installation]:
    """Make an installation on this kind of database; nothing is started yet."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = None
        if kind == "PostgreSQL":
            url = stack.enter_context(scratch_database(stack.enter_context(postgresql())))
        yield stack.enter_context(installation(folder, url))
