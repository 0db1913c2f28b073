"""What commands share: the runtime of one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from moderation.model.errors import NotConfigured
from moderation.runtime import Runtime, open_runtime
from moderation.settings import MADE, folder, is_set, read_settings
from moderation.storage.migrate import is_current


@contextmanager
def opened(*, migrated: bool = True) -> Iterator[Runtime]:
    """Open the installation that this folder or the environment names.

    Raises NotConfigured: there is none, or its database is not migrated.
    """
    if not any(is_set(name) or (folder() / name).exists() for name in MADE):
        raise NotConfigured(
            f"There is no installation here: {folder()}/ holds none, and COPYDESK_SECRET_KEY is "
            "not set. Go to the folder where `make run` was called, or set COPYDESK_VAR."
        )
    with open_runtime(read_settings()) as runtime:
        if migrated and not is_current(runtime.database):
            raise NotConfigured("The database is not migrated: call `copydesk migrate` first.")
        yield runtime
