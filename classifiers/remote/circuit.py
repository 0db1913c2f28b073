"""A circuit breaker: whoever asks a server that is away is told so at once."""

import time
from collections.abc import Callable
from dataclasses import dataclass

OPENS_AFTER = 2
"""Failures in a row: a request, and the probe that follows it."""

LONGEST_PAUSE = 15.0
"""Seconds between two probes, at most; the first one follows after one second."""

_DOUBLINGS = 4
"""From the first pause to the longest."""


@dataclass(slots=True)
class CircuitBreaker:
    """Counts failures in a row; open, it lets nothing through but a probe after each pause.

    Like the classifier that it belongs to, it is used by one thread.
    """

    clock: Callable[[], float] = time.monotonic
    reason: str = ""
    """What went wrong last."""
    _failures: int = 0
    _since: float = 0.0
    _pause_ends: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether only a probe may be tried."""
        return self._failures >= OPENS_AFTER

    @property
    def pauses(self) -> bool:
        """Whether not even a probe may be tried yet."""
        return self.is_open and self.clock() < self._pause_ends

    @property
    def seconds(self) -> float:
        """For how long nothing has succeeded; 0 where the last request did."""
        return self.clock() - self._since if self._failures else 0.0

    def failed(self, reason: str) -> None:
        """Note that a request failed."""
        now = self.clock()
        if not self._failures:
            self._since = now
        self._failures += 1
        self.reason = reason
        doublings = min(max(self._failures - OPENS_AFTER, 0), _DOUBLINGS)
        self._pause_ends = now + min(2.0**doublings, LONGEST_PAUSE)

    def succeeded(self) -> None:
        """Note that a request succeeded."""
        self._failures = 0
