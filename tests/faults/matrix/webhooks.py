"""The site's inbox: which decision was told when, and under which webhook ids."""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from tests.faults.matrix.clock import now
from tests.receivers import Received


@dataclass
class Inbox:
    """Takes webhooks from many threads; it keeps ids and times, and no body."""

    first_at: dict[str, datetime] = field(default_factory=dict)
    """When a decision arrived for the first time, by its id."""
    ids: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The webhook ids under which a decision came."""
    total: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, received: Received) -> int:
        """Note one webhook; returns the status of the answer."""
        decision = received.message["data"]["decision"]["id"].replace("-", "")
        with self._lock:
            self.total += 1
            self.first_at.setdefault(decision, now())
            self.ids[decision].add(received.id)
        return 204

    @property
    def repeated(self) -> int:
        """How often a decision came once more under the same id, which is allowed."""
        return self.total - sum(len(ids) for ids in self.ids.values())

    @property
    def duplicated(self) -> int:
        """How many decisions came under a second id, which is not."""
        return sum(len(ids) > 1 for ids in self.ids.values())
