"""`copydesk run` and `migrate`: the installation as a whole."""

import os
import sys

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.model.errors import StorageUnavailable
from moderation.runtime import Runtime
from moderation.storage.migrate import is_current, upgrade


def run() -> None:
    """Start everything on this machine and keep it running until Ctrl-C."""
    # Another process in our place: what stays should not hold all that commands need.
    os.execv(sys.executable, [sys.executable, "-m", "moderation.embedded"])  # noqa: S606


def migrate() -> None:
    """Bring the database to this version's schema."""
    with opened(migrated=False) as runtime:
        was_current = _is_current(runtime)
        upgrade(runtime.database)
    screen.say("The database was current already." if was_current else "The database is migrated.")


def _is_current(runtime: Runtime) -> bool:
    try:
        return is_current(runtime.database)
    except StorageUnavailable:
        return False
