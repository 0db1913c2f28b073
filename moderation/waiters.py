"""Requests that wait for decisions, and the thread that wakes them.

Workers tell over Redis whom they have decided. A word that is lost costs a waiting request some
hundredths of a second: it looks into the database by itself as well.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import redis
import structlog

from moderation.broker import DECIDED, Broker
from moderation.model.ids import CommentId

log = structlog.get_logger()

REST_SECONDS = 1.0
"""Between two attempts to hear anything while Redis is away, and how soon a closing is noticed."""


class Waiters:
    """Wakes the threads of one process; safe to use from all of them."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._events: defaultdict[str, set[threading.Event]] = defaultdict(set)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def expecting(self, comment_id: CommentId) -> Iterator[threading.Event]:
        """Give an event that is set when this comment is decided, and perhaps for no reason."""
        event, name = threading.Event(), str(comment_id)
        with self._lock:
            self._start()
            self._events[name].add(event)
        try:
            yield event
        finally:
            with self._lock:
                self._events[name].discard(event)
                if not self._events[name]:
                    del self._events[name]

    def close(self) -> None:
        """End the thread."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        # At the first use: a thread does not survive the web server's fork.
        if self._thread is not None:
            return
        thread = threading.Thread(target=self._run, name="waiters", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            log.warning("waiters_not_started")
            return
        self._thread = thread

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._hear()
            except (redis.RedisError, OSError) as error:
                log.warning("nothing_heard", error=type(error).__name__)
                self._closing.wait(REST_SECONDS)

    def _hear(self) -> None:
        with self._broker.ear() as ear:
            ear.subscribe(DECIDED)
            while not self._closing.is_set():
                if message := ear.get_message(timeout=REST_SECONDS):
                    self._wake(message["data"].decode("ascii", "replace").split())

    def _wake(self, names: list[str]) -> None:
        with self._lock:
            for name in names:
                # Not by [name]: that would make a set for each.
                for event in self._events.get(name, ()):
                    event.set()
