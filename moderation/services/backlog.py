"""The backlog: how many comments wait to be decided, and for how long they will."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.model.jobs import Lane, Purpose
from moderation.runtime import Runtime
from moderation.storage import backlog
from moderation.storage.database import Connection

NOTICEABLE = timedelta(seconds=5)
"""Before anybody has waited for so long there is no backlog."""

MOST_COUNTED = 100_000
SAMPLE = 500
"""Classifications that the speed is told from: a cost that no backlog changes."""

MEASURED = timedelta(seconds=60)
"""The speed is that of the last minute; who decided nothing in it is at a stand."""

LIVE_SHARE = 7 / 8
"""One batch in eight is the bulk lane's while something waits there."""

KEPT_SECONDS = 5.0
"""How long one look serves everybody, however many desks are open."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, by lane, up to MOST_COUNTED each; comments a second, None while nobody knows."""

    waiting: Mapping[Lane, int]
    rate: float | None
    stands_still: bool = False

    def seconds(self, lane: Lane) -> float | None:
        """Return how long a comment waits that comes to this lane now; None while nobody knows."""
        if not self.rate:
            return 0.0 if not self.waiting[lane] else None
        if lane is Lane.BULK:
            # Everything else goes first.
            return sum(self.waiting.values()) / self.rate if self.waiting[lane] else 0.0
        return self.waiting[lane] / (self.rate * (LIVE_SHARE if self.waiting[Lane.BULK] else 1.0))


class BacklogGauge:
    """Looks at the backlog for one process; safe to use from many threads."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = threading.Lock()
        self._seen: Backlog | None = None
        self._looked_at = float("-inf")

    def read(self) -> Backlog | None:
        """Return the backlog of a few seconds ago at most; None where nobody waits for long.

        It is the whole installation's: all sites share the workers. Raises StorageUnavailable.
        """
        with self._lock:
            if time.monotonic() - self._looked_at > KEPT_SECONDS:
                self._seen = look(self._runtime)
                self._looked_at = time.monotonic()
            return self._seen


def look(runtime: Runtime) -> Backlog | None:
    """Return the backlog now; None where nobody has waited for long. Raises StorageUnavailable."""
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        oldest = [since for lane in Lane if (since := backlog.oldest(connection, lane))]
        if not oldest or now - min(oldest) < NOTICEABLE:
            return None
        waiting = {lane: backlog.count(connection, lane, MOST_COUNTED) for lane in Lane}
        rate = _rate(connection, now, max(min(oldest), now - MEASURED))
    return Backlog(waiting, rate or None, stands_still=not rate and now - min(oldest) >= MEASURED)


def _rate(connection: Connection, now: datetime, since: datetime) -> float:
    """Return decisions a second since a moment from which on there was always something to do.

    What is classified for other ends uses up time, and ends nobody's wait.
    """
    newest = backlog.newest_classified(connection, SAMPLE)
    counted = [(at, purpose) for at, purpose in newest if at >= since]
    if len(counted) == SAMPLE:
        since = min(at for at, _ in counted)
    decided = sum(purpose is Purpose.DECIDE for _, purpose in counted)
    return decided / max((now - since).total_seconds(), 1.0)
