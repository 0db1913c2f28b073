"""Re-scoring: history gets scores by another classifier version, and keeps its decisions."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from moderation.broker import Task
from moderation.model.ids import CommentId, JobId, new_uuid
from moderation.model.jobs import History, JobState, Lane, Purpose
from moderation.runtime import Runtime
from moderation.storage import audit, history
from moderation.storage.database import Connection

CHUNK = 500
"""Comments in one transaction: some hundredths of a second of SQLite's one write lock."""

PAUSE_SECONDS = 0.03
"""Between chunks, so that a live comment gets at that lock."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far it is: jobs that are still to be done, and comments that no worker could score."""

    left: int
    not_scored: int


def queue_history(runtime: Runtime, wanted: History) -> Iterator[int]:
    """Queue jobs for what has no scores by this version, the newest first; yield how many so far.

    Each chunk is a transaction. Given again, it queues only what lacks scores still. Raises
    StorageUnavailable.
    """
    # Else what was called off before could not be queued anew.
    _in_chunks(runtime, wanted, history.forget_cancelled)
    before, queued = None, 0
    while True:
        before, added = _queue_chunk(runtime, wanted, before)
        queued += added
        yield queued
        if before is None:
            break
        time.sleep(PAUSE_SECONDS)
    _note(runtime, "rescore", wanted, queued)
    runtime.broker.ring(Task.CLASSIFY)


def look(runtime: Runtime, wanted: History) -> Standing:
    """Return how far the workers are. Raises StorageUnavailable."""
    with runtime.reading() as connection:
        left = history.count(connection, wanted, JobState.QUEUED)
        return Standing(left, history.count_not_scored(connection, wanted))


def cancel_rescoring(runtime: Runtime, wanted: History) -> int:
    """Call off what is left, and return how many; what workers have at hand may still be done.

    Raises StorageUnavailable.
    """
    cancelled = _in_chunks(runtime, wanted, history.cancel)
    _note(runtime, "rescore-cancel", wanted, cancelled)
    return cancelled


def _queue_chunk(
    runtime: Runtime, wanted: History, before: CommentId | None
) -> tuple[CommentId | None, int]:
    """Queue for some comments; return the last one looked at (None: there are no more)."""
    with runtime.transaction() as connection:
        rows = history.newest(connection, wanted, before, CHUNK)
        scored = history.scored(connection, [row.id for row in rows], wanted.classifier)
        job = {
            "site_id": wanted.site_id,
            "classifier": wanted.classifier,
            "purpose": Purpose.RESCORE,
            "lane": Lane.BULK,
            "created_at": runtime.database_now(connection),
        }
        made = [
            job | {"id": JobId(new_uuid()), "comment_id": row.id, "revision": row.revision}
            for row in rows
            if row.decided and (row.id, row.revision) not in scored
        ]
        added = history.add_jobs(connection, made) if made else 0
    return (rows[-1].id if len(rows) == CHUNK else None), added


def _in_chunks(
    runtime: Runtime, wanted: History, change: Callable[[Connection, History, int], int]
) -> int:
    total = 0
    while True:
        with runtime.transaction() as connection:
            count = change(connection, wanted, CHUNK)
        total += count
        if count < CHUNK:
            return total
        time.sleep(PAUSE_SECONDS)


def _note(runtime: Runtime, action: str, wanted: History, count: int) -> None:
    with runtime.transaction() as connection:
        data = {"classifier": wanted.classifier, "jobs": count}
        now = runtime.database_now(connection)
        audit.add(connection, action, now, site_id=wanted.site_id, data=data)
