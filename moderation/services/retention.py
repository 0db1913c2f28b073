"""Retention: what is finished is kept for a while and then forgotten."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from moderation.model.events import UNDO_SECONDS
from moderation.model.ids import lowest_uuid
from moderation.runtime import Runtime
from moderation.storage import retention, skips, standings
from moderation.storage.database import Connection
from moderation.storage.retention import Old

JOBS_KEPT = timedelta(days=1)
"""Comments keep their decisions; a finished job tells nothing more."""

DELIVERIES_KEPT = timedelta(days=30)
"""Since they were made, so that of one comment's deliveries an older one is never kept longer."""

CONTACTS_KEPT = timedelta(days=180)
"""Where nobody decides; else they go in the hour after the decision."""

COMPLAINTS_KEPT = timedelta(days=180)
"""How long after the decision on them the words of readers and authors can be read."""
STANDINGS_KEPT = timedelta(days=90)
"""Since an author or a thread became ordinary again: their ids are personal data."""
ACTS_KEPT = timedelta(days=1)
"""How far back undoing goes by the key alone; a decision's own page goes back any time."""

PREVIEWS_KEPT = timedelta(hours=12)
"""Of bulks that nobody said yes to: a shift."""
BULKS_KEPT = timedelta(days=30)
"""Which comments a bulk was about, and why some were left; the decisions stay."""

CHUNK = 500
"""Rows in one transaction: some hundredths of a second of SQLite's one write lock."""

MOST_ERASED = 5_000
"""Words of so many complaints in one transaction; the rest follows in the next hour."""

PAUSE_SECONDS = 0.05
RUN_SECONDS = 300.0
"""After that the rest is left for the next hour."""

_NONE = UUID(int=0)
_Remove = Callable[[Connection, Old], list[UUID]]


def forget_complaints(runtime: Runtime) -> int:
    """Erase contacts of readers once their report is answered, and later all words of complaints.

    Return how many reports and appeals lost something. Raises StorageUnavailable.
    """
    count = 0
    for erase in (_erase_contacts, _erase_report_words, _erase_appeal_words):
        with runtime.transaction() as connection:
            count += erase(connection, runtime.database_now(connection))
    return count


def _erase_contacts(connection: Connection, now: datetime) -> int:
    undone_by = now - timedelta(seconds=UNDO_SECONDS)
    return retention.erase_contacts(connection, undone_by, now - CONTACTS_KEPT, MOST_ERASED)


def _erase_report_words(connection: Connection, now: datetime) -> int:
    return retention.erase_report_words(connection, now - COMPLAINTS_KEPT, MOST_ERASED)


def _erase_appeal_words(connection: Connection, now: datetime) -> int:
    return retention.erase_appeal_words(connection, now - COMPLAINTS_KEPT, MOST_ERASED)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows were removed; attempts go with their deliveries.

    `standings` counts the authors and threads that are known no more.
    """

    jobs: int
    deliveries: int
    acts: int
    standings: int = 0
    bulks: int = 0


def forget_finished(runtime: Runtime) -> Forgotten:
    """Remove what is finished and old enough, and what is over. Raises StorageUnavailable."""
    ends_at = time.monotonic() + RUN_SECONDS
    with runtime.transaction() as connection:
        skips.forget_over(connection, runtime.database_now(connection))
    return Forgotten(
        jobs=_forget(runtime, retention.remove_jobs, JOBS_KEPT, ends_at),
        deliveries=_forget(runtime, retention.remove_deliveries, DELIVERIES_KEPT, ends_at),
        acts=_forget(runtime, retention.remove_acts, ACTS_KEPT, ends_at),
        standings=_forget_standings(runtime, ends_at),
        bulks=_forget_bulks(runtime, ends_at),
    )


def _forget_standings(runtime: Runtime, ends_at: float) -> int:
    count = 0
    while time.monotonic() < ends_at:
        with runtime.transaction() as connection:
            # A standing that is just being set stays.
            now = runtime.database_now(connection, standings.EXCLUSIVE)
            over_before = now - STANDINGS_KEPT
            forgotten = standings.forget_over(connection, over_before, CHUNK)
        count += forgotten
        if forgotten < CHUNK:
            break
        time.sleep(PAUSE_SECONDS)
    return count


def _forget_bulks(runtime: Runtime, ends_at: float) -> int:
    count = 0
    while time.monotonic() < ends_at:
        with runtime.transaction() as connection:
            now = runtime.database_now(connection)
            before = (lowest_uuid(now - PREVIEWS_KEPT), lowest_uuid(now - BULKS_KEPT))
            if not retention.remove_bulk(connection, *before):
                break
        count += 1
        time.sleep(PAUSE_SECONDS)
    return count


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
