"""Gauges: how an installation is doing, for probes and metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from redis import RedisError

from moderation.model.errors import StorageUnavailable
from moderation.model.jobs import Lane
from moderation.runtime import Runtime
from moderation.storage import appeals, gauges, lateness, reports
from moderation.storage.migrate import is_behind


@dataclass(frozen=True, slots=True)
class Readiness:
    """Which parts answer; only a migrated database is needed to accept comments."""

    database: bool
    migrated: bool
    redis: bool


@dataclass(frozen=True, slots=True)
class Gauges:
    """The state of the work at one moment."""

    pending: int
    oldest_pending_seconds: float
    open_reviews: int
    oldest_waiting_seconds: float
    open_reports: int
    open_appeals: int
    lanes: Mapping[Lane, int]
    """Jobs that nobody has tried yet, whatever they are for."""
    running: int
    """Jobs in their first attempt."""
    retried: int
    """Unfinished jobs in their second or a later attempt."""


def check_readiness(runtime: Runtime) -> Readiness:
    """Ask the database and Redis whether they answer; takes some seconds at most."""
    answers = _database_answers(runtime)
    return Readiness(
        database=answers,
        migrated=answers and not is_behind(runtime.database),
        redis=_redis_answers(runtime),
    )


def measure(runtime: Runtime) -> Gauges:
    """Count what waits. Raises StorageUnavailable."""
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        count = gauges.pending(connection)
        oldest = gauges.oldest_pending(connection)
        if count and oldest is None:
            # A comment without a job would wait for ever: whoever watches must see its age grow.
            oldest = gauges.oldest_received(connection)
        late = lateness.oldest(connection)
        fresh = gauges.fresh_jobs(connection)
        running, retried = gauges.tried_jobs(connection)
        return Gauges(
            pending=count,
            oldest_pending_seconds=_age(oldest, now),
            open_reviews=gauges.open_reviews(connection),
            oldest_waiting_seconds=_age(late, now),
            open_reports=reports.count_open(connection),
            open_appeals=appeals.count_open(connection),
            lanes={lane: fresh.get(lane, 0) for lane in Lane},
            running=running,
            retried=retried,
        )


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else (now - since).total_seconds()


def _database_answers(runtime: Runtime) -> bool:
    try:
        with runtime.reading() as connection:
            gauges.answers(connection)
    except StorageUnavailable:
        return False
    return True


def _redis_answers(runtime: Runtime) -> bool:
    try:
        return bool(runtime.broker.redis.ping())
    except RedisError:
        return False
