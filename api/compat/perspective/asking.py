"""Asking: how many requests may wait for the scoring process at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import cast

from flask import current_app

from moderation.model.errors import ScoringUnavailable

EXTENSION = "copydesk.asking"
SHARE_OF_THREADS = 2
"""One in so many threads may wait; the others keep accepting comments while scores are late."""


def places(threads: int) -> BoundedSemaphore:
    """Return the places of a process with so many threads."""
    return BoundedSemaphore(max(1, threads // SHARE_OF_THREADS))


@contextmanager
def asking() -> Iterator[None]:
    """Keep a place while scores are asked for. Raises ScoringUnavailable where none is free."""
    free = cast("BoundedSemaphore", current_app.extensions[EXTENSION])
    if not free.acquire(blocking=False):
        raise ScoringUnavailable("Too many requests wait for scores.")
    try:
        yield
    finally:
        free.release()
