"""The Redis side: lanes of job ids, and the bells that wake Celery workers.

Redis only carries work. It may lose everything at any moment: the database holds every accepted
comment, and workers fill up from it. So nothing here is tried for long; failures are only logged.
"""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

import redis
import structlog
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.client import Pipeline, PubSub
from redis.retry import Retry

from moderation.calls import Task, make_celery
from moderation.model.ids import CommentId, JobId
from moderation.model.jobs import Lane

__all__ = ["Broker", "Task", "WaitFailed", "bell_key", "lane_key"]

log = structlog.get_logger()

BELL_MILLISECONDS = 1000
"""A bell that nobody answered rings again after this time."""

SHORTEST_WAIT_SECONDS = 0.01
"""Redis up to 7.0.7 takes a millisecond for no limit at all."""

MAX_CALLS = 64
"""More calls than processes that could answer are of no use."""

DECIDED = "copydesk:decided"
"""The Redis channel that carries the ids of comments as they are decided."""


_FAILURES = (redis.RedisError, OperationalError, OSError)


class WaitFailed(Exception):
    """Nobody can wait on Redis: it is away, or too old for that."""


def lane_key(lane: Lane) -> str:
    """Return the name of the Redis list that carries this lane's job ids."""
    return f"copydesk:lane:{lane}"


def bell_key(task: Task) -> str:
    """Return the name of the Redis key that says that this task was already called."""
    return f"copydesk:bell:{task}"


def _called_key(task: Task) -> str:
    return f"copydesk:called:{task}"


class Broker:
    """Puts job ids on their lane, takes them off, and rings."""

    def __init__(self, redis_url: str) -> None:
        # Once more, at once, for a connection that a restarted Redis had closed; then leave it.
        self.redis = _connect(redis_url, retries=1)
        # A wait that failed is over: repeated, it would last longer than was asked for.
        self._waiting = _connect(redis_url, retries=0)
        self.celery = make_celery(redis_url)

    def announce(self, lane: Lane, job_ids: Sequence[JobId]) -> None:
        """Push, and call a classifier unless one that waited took all of it. Never raises.

        One exchange with Redis where nobody waits: the web process that announces has 16 threads,
        and each answer waited for is one more turn.
        """
        pipeline = self.redis.pipeline(transaction=False)
        pipeline.rpush(lane_key(lane), *(str(job_id) for job_id in job_ids))
        pipeline.llen(lane_key(lane))
        _set_bell(pipeline, Task.CLASSIFY)
        try:
            _, left, quiet, calls = pipeline.execute()
            if quiet and not left:
                pipeline.delete(bell_key(Task.CLASSIFY))
                pipeline.llen(lane_key(lane))
                # Whoever pushed meanwhile heard the bell, and left the call to us.
                _, left = pipeline.execute()
            if quiet and left:
                self._call(Task.CLASSIFY, calls, MAX_CALLS)
        except _FAILURES as error:
            log.warning("bell_failed", task=Task.CLASSIFY, error=type(error).__name__)

    def push_back(self, lane: Lane, job_ids: Sequence[JobId]) -> None:
        """Put job ids that were taken too early back at the head of a lane. Never raises."""
        try:
            self.redis.lpush(lane_key(lane), *(str(job_id) for job_id in reversed(job_ids)))
        except redis.RedisError as error:
            log.warning("push_failed", count=len(job_ids), error=type(error).__name__)

    def pop(self, lane: Lane, count: int) -> list[JobId]:
        """Take up to `count` job ids off a lane; none if Redis is away."""
        try:
            found = self.redis.lpop(lane_key(lane), count)
        except redis.RedisError as error:
            log.warning("lane_unreadable", lane=lane, error=type(error).__name__)
            return []
        return _job_ids(cast("list[bytes] | None", found) or [])

    def await_ids(self, lane: Lane, count: int, seconds: float) -> list[JobId]:
        """Take up to `count` job ids off a lane, waiting for them if need be; none if none comes.

        Raises WaitFailed where Redis is away, or older than 7.
        """
        seconds, key = max(seconds, SHORTEST_WAIT_SECONDS), lane_key(lane)
        try:
            found = self._waiting.blmpop(seconds, 1, key, direction="LEFT", count=count)
        except redis.RedisError as error:
            raise WaitFailed(type(error).__name__) from error
        return _job_ids(cast("tuple[bytes, list[bytes]]", found)[1]) if found else []

    def depth(self, lane: Lane) -> int:
        """Return how many ids wait on a lane. Raises redis.RedisError."""
        return int(self.redis.llen(lane_key(lane)))

    def ring(self, task: Task, most: int = MAX_CALLS) -> None:
        """Call a Celery task unless that was done within the last second. Never raises.

        Nor where so many calls wait already.
        """
        pipeline = self.redis.pipeline(transaction=False)
        _set_bell(pipeline, task)
        try:
            quiet, calls = pipeline.execute()
            if quiet:
                self._call(task, calls, most)
        except _FAILURES as error:
            log.warning("bell_failed", task=task, error=type(error).__name__)

    def _call(self, task: Task, calls: int, most: int) -> None:
        # While nobody answers, calls must not pile up in a Redis that evicts nothing.
        if calls < most:
            self.celery.send_task(task.value)

    def call_now_and_then(self, task: Task, seconds: int) -> None:
        """Ring although nothing waits, at most once in so many seconds. Never raises.

        A worker that answers leaves a mark of progress, and so nobody needs to ask why it does not.
        """
        try:
            quiet = self.redis.set(_called_key(task), 1, nx=True, ex=seconds)
        except redis.RedisError as error:
            log.warning("bell_failed", task=task, error=type(error).__name__)
            return
        if quiet:
            self.ring(task)

    def waiting_calls(self, task: Task) -> int:
        """Return how many calls of a Celery task wait for a worker. Raises redis.RedisError."""
        return int(self.redis.llen(task.value))

    def silence(self, task: Task) -> None:
        """Take the bell down: first act of a task, so that later work rings anew. Never raises."""
        try:
            self.redis.delete(bell_key(task))
        except redis.RedisError as error:
            log.warning("bell_stuck", task=task, error=type(error).__name__)

    def wake(self, comment_ids: Sequence[CommentId]) -> None:
        """Wake the requests that wait for these comments' decisions. Never raises."""
        try:
            self.redis.publish(DECIDED, " ".join(map(str, comment_ids)))
        except redis.RedisError as error:
            log.warning("nobody_woken", count=len(comment_ids), error=type(error).__name__)

    def ear(self) -> PubSub:
        """Return what hears of decisions as they are made; it connects at its first use."""
        return PubSub(self.redis.connection_pool, ignore_subscribe_messages=True)

    def close(self) -> None:
        """Give the connections back."""
        self.redis.close()
        self._waiting.close()
        self.celery.close()


def _set_bell(pipeline: Pipeline, task: Task) -> None:
    """Ask whether the bell was silent, and how many calls wait."""
    pipeline.set(bell_key(task), 1, nx=True, px=BELL_MILLISECONDS)
    pipeline.llen(task.value)


def _connect(url: str, retries: int) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=2,
        socket_connect_timeout=1,
        health_check_interval=10,
        retry=Retry(NoBackoff(), retries),
    )


def _job_ids(raws: Sequence[bytes]) -> list[JobId]:
    return [job_id for raw in raws if (job_id := _job_id(raw)) is not None]


def _job_id(raw: bytes) -> JobId | None:
    """Read an id off the lane; whatever else somebody put there is dropped."""
    try:
        return JobId(UUID(raw.decode("ascii")))
    except ValueError:
        log.warning("lane_garbage", length=len(raw))
        return None
