"""Worker health: what waits for a worker that makes no progress, or what excuses it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from redis import RedisError

from moderation.broker import Task
from moderation.model.errors import ScoringUnavailable, StorageUnavailable
from moderation.runtime import Runtime
from moderation.scoring import who_judges
from moderation.services import claiming, deliveries
from moderation.storage import jobs, leases

WAITED = timedelta(seconds=10)
"""Work that waited so long is not just on its way to a worker that was called a moment ago."""

MOST_SWEEPS = 10
"""Beat asks for one a second; so many that wait are not just on their way."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a worker has work that it does not do, and why that is so or not."""

    stuck: bool
    reason: str


def find(runtime: Runtime, name: str) -> Finding:
    """Say whether there is work that this worker should be doing.

    What a restart would not mend is no fault of the worker's: Redis or the database away.
    """
    try:
        runtime.broker.redis.ping()
        waiting = _WORK[name](runtime)
    except RedisError:
        return Finding(stuck=False, reason="Redis does not answer")
    except StorageUnavailable:
        return Finding(stuck=False, reason="the database does not answer")
    return Finding(waiting is not None, waiting or "there is nothing to do")


def _comments(runtime: Runtime) -> str | None:
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        return "comments wait" if jobs.fresh_lanes(connection, now - WAITED) else None


def _expired_leases(runtime: Runtime) -> str | None:
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        expired = leases.has_expired(connection, now - WAITED, now + claiming.MAX_LEASE)
        return "comments wait for another attempt" if expired else None


def _webhooks(runtime: Runtime) -> str | None:
    if deliveries.has_due(runtime, since=WAITED):
        return "webhooks wait"
    asked = runtime.broker.waiting_calls(Task.SWEEP) >= MOST_SWEEPS
    return "nobody looks for forgotten work" if asked else None


def _the_time(_runtime: Runtime) -> str | None:
    return "it should ring once a second"


def _an_answer(runtime: Runtime) -> str | None:
    """Ask it who judges: unlike the others it is never without work, for it can always answer."""
    try:
        who_judges(runtime.settings)
    except ScoringUnavailable:
        return "it does not answer"
    return None


_WORK: Mapping[str, Callable[[Runtime], str | None]] = {
    "classify": _comments,
    "retry": _expired_leases,
    "deliveries": _webhooks,
    "beat": _the_time,
    "scoring": _an_answer,
}
