"""Asking: how many requests of other services may wait for scores or a decision at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import cast

from flask import Flask, current_app

from moderation.model.errors import ScoringUnavailable

EXTENSION = "copydesk.asking"
SHARE_OF_THREADS = 2
"""One in so many threads may wait; the others keep accepting comments while scores are late."""


def register(app: Flask, threads: int) -> None:
    """Make the places of a process with so many threads."""
    app.extensions[EXTENSION] = BoundedSemaphore(max(1, threads // SHARE_OF_THREADS))


@contextmanager
def asking() -> Iterator[None]:
    """Keep a place while it waits. Raises ScoringUnavailable where none is free."""
    free = cast("BoundedSemaphore", current_app.extensions[EXTENSION])
    if not free.acquire(blocking=False):
        raise ScoringUnavailable("Too many requests wait for scores.")
    try:
        yield
    finally:
        free.release()
