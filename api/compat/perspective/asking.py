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


class Places:
    """The places of one process, for so many of its threads."""

    def __init__(self, threads: int) -> None:
        self.free = BoundedSemaphore(max(1, threads // SHARE_OF_THREADS))


@contextmanager
def asking() -> Iterator[None]:
    """Keep a place while scores are asked for. Raises ScoringUnavailable where none is free."""
    free = cast("Places", current_app.extensions[EXTENSION]).free
    if not free.acquire(blocking=False):
        raise ScoringUnavailable("Too many requests wait for scores.")
    try:
        yield
    finally:
        free.release()
