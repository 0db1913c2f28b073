"""The loop behind the Celery task `learn`: training, and scores for comments of the past."""

import time
from threading import Lock

from classifiers.head.training import score_all, train
from moderation.runtime import Runtime
from moderation.services.head_filling import fill_chunk
from moderation.services.head_training import train_next
from moderation.services.learning import Teacher

TEACHER = Teacher(train, score_all)

PAUSE_SECONDS = 0.03
"""Between chunks, so that a live comment gets at SQLite's one write lock."""

_WORKING = Lock()
"""Of the threads that send webhooks, at most one learns."""


def study(runtime: Runtime, seconds: float = 1.0) -> bool:
    """Train what waits, or score the past for about so many seconds; say if there may be more.

    Training takes as long as it takes. Raises StorageUnavailable.
    """
    if not _WORKING.acquire(blocking=False):
        return False
    try:
        if train_next(runtime, TEACHER):
            return True
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not fill_chunk(runtime, TEACHER):
                return False
            time.sleep(PAUSE_SECONDS)
    finally:
        _WORKING.release()
    return True
