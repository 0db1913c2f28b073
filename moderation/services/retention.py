"""Retention: what is finished is kept for a while and then forgotten."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from moderation.model.ids import lowest_uuid
from moderation.runtime import Runtime
from moderation.storage import retention, skips
from moderation.storage.database import Connection
from moderation.storage.retention import Old

JOBS_KEPT = timedelta(days=1)
"""Comments keep their decisions; a finished job tells nothing more."""

DELIVERIES_KEPT = timedelta(days=30)
"""Since they were made, so that of one comment's deliveries an older one is never kept longer."""

ACTS_KEPT = timedelta(days=1)
"""How far back undoing goes by the key alone; a decision's own page goes back any time."""

CHUNK = 500
"""Rows in one transaction: some hundredths of a second of SQLite's one write lock."""

PAUSE_SECONDS = 0.05
RUN_SECONDS = 300.0
"""After that the rest is left for the next hour."""

_NONE = UUID(int=0)
_Remove = Callable[[Connection, Old], list[UUID]]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows were removed; attempts go with their deliveries."""

    jobs: int
    deliveries: int
    acts: int


def forget_finished(runtime: Runtime) -> Forgotten:
    """Remove what is finished and old enough, and what is over. Raises StorageUnavailable."""
    ends_at = time.monotonic() + RUN_SECONDS
    with runtime.transaction() as connection:
        skips.forget_over(connection, runtime.database_now(connection))
    return Forgotten(
        jobs=_forget(runtime, retention.remove_jobs, JOBS_KEPT, ends_at),
        deliveries=_forget(runtime, retention.remove_deliveries, DELIVERIES_KEPT, ends_at),
        acts=_forget(runtime, retention.remove_acts, ACTS_KEPT, ends_at),
    )


def _forget(runtime: Runtime, remove: _Remove, kept: timedelta, ends_at: float) -> int:
    count, last = 0, _NONE
    while time.monotonic() < ends_at:
        with runtime.transaction() as connection:
            now = runtime.database_now(connection)
            removed = remove(connection, Old(last, lowest_uuid(now - kept), now, CHUNK))
        count += len(removed)
        if len(removed) < CHUNK:
            break
        last = removed[-1]
        # Others want SQLite's one write lock too.
        time.sleep(PAUSE_SECONDS)
    return count
