"""The loop behind the Celery task `bulk`: turn after turn, with room between for everybody else."""

import time
from threading import Lock

from moderation.runtime import Runtime
from moderation.services.bulk_running import take_turn

PAUSE_SECONDS = 0.03
"""Between turns, so that a live comment gets at SQLite's one write lock."""

_WORKING = Lock()
"""Of the threads that send webhooks, at most one works on bulks."""


def work_off(runtime: Runtime, seconds: float = 1.0) -> bool:
    """Work on bulks for about so many seconds; return whether there may be more to do.

    Raises StorageUnavailable.
    """
    if not _WORKING.acquire(blocking=False):
        return False
    try:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not take_turn(runtime):
                return False
            time.sleep(PAUSE_SECONDS)
    finally:
        _WORKING.release()
    return True
