"""Announcing from a thread of its own: accepted comments' jobs, and work for other tasks."""

import threading
from collections.abc import Sequence

import structlog

from moderation.broker import Broker, Task
from moderation.model.ids import JobId
from moderation.model.jobs import Lane

log = structlog.get_logger()

MAX_WAITING_IDS = 100_000
"""Beyond this the background thread drops ids: the workers find those jobs in the database."""

CLOSE_SECONDS = 2
"""How long a closing process waits for the last announcements."""


class Announcer:
    """Pushes and rings from a thread of its own, so that no request ever waits for Redis."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._waiting: dict[Lane, list[JobId]] = {lane: [] for lane in Lane}
        self._bells: set[Task] = set()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False

    def announce(self, lane: Lane, job_ids: Sequence[JobId]) -> None:
        """Push these ids soon and ring for a classifier; returns at once."""
        with self._wake:
            waiting = self._waiting[lane]
            waiting.extend(job_ids[: MAX_WAITING_IDS - len(waiting)])
            self._start()

    def ring(self, task: Task) -> None:
        """Ring soon; returns at once."""
        with self._wake:
            self._bells.add(task)
            self._start()

    def close(self) -> None:
        """Send what waits, and end the thread."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)

    def _start(self) -> None:
        # Started at the first use: a thread does not survive the web server's fork.
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="announcer", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                # The comment is committed; the sweep will ring for it.
                log.warning("announcer_not_started")
                return
            self._thread = thread
        self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(
                    lambda: self._closing or self._bells or any(self._waiting.values())
                )
                closing = self._closing
                waiting, self._waiting = self._waiting, {lane: [] for lane in Lane}
                bells, self._bells = self._bells, set()
            try:
                self._announce(waiting, bells)
            except Exception:  # a dead thread would cost every later comment the sweep's seconds
                log.exception("announcing_failed")
            if closing:
                return

    def _announce(self, waiting: dict[Lane, list[JobId]], bells: set[Task]) -> None:
        for lane, job_ids in waiting.items():
            if job_ids:
                self._broker.announce(lane, job_ids)
        for task in bells:
            self._broker.ring(task)
