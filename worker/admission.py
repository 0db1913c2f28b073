"""Admission: how many may compute at once, how many may wait for it, and for how long."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock


class TooBusy(Exception):
    """There is no room, or it would be too late: nothing was begun, or it was broken off."""


class Admission:
    """Lets so many compute and so many more wait; safe to use from many threads."""

    def __init__(self, computing: int, waiting: int) -> None:
        self._places = BoundedSemaphore(computing + waiting)
        self._turns = BoundedSemaphore(computing)
        self._lock = Lock()
        self._begun: list[float] = []

    @contextmanager
    def turn(self, until: float) -> Iterator[None]:
        """Wait for a turn, until a monotonic time at most, and keep it. Raises TooBusy."""
        if not self._places.acquire(blocking=False):
            raise TooBusy
        try:
            if not self._turns.acquire(timeout=max(0.0, until - time.monotonic())):
                raise TooBusy
            try:
                with self._noted():
                    yield
            finally:
                self._turns.release()
        finally:
            self._places.release()

    def longest(self) -> float:
        """Return the seconds that the longest turn has lasted that is not over."""
        with self._lock:
            return time.monotonic() - min(self._begun) if self._begun else 0.0

    @contextmanager
    def _noted(self) -> Iterator[None]:
        begun = time.monotonic()
        with self._lock:
            self._begun.append(begun)
        try:
            yield
        finally:
            with self._lock:
                self._begun.remove(begun)
