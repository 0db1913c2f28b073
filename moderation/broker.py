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

__all__ = ["Broker", "Task", "bell_key", "lane_key"]

log = structlog.get_logger()

BELL_MILLISECONDS = 1000
"""A bell that nobody answered rings again after this time."""

SHORTEST_WAIT_SECONDS = 0.01
"""Redis up to 7.0.7 takes a millisecond for no limit at all."""

MAX_CALLS = 64
"""More calls than processes that could answer are of no use."""

DECIDED = "copydesk:decided"
"""The Redis channel that carries the ids of comments as they are decided."""


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
        """Push and ring for a classifier in one exchange with Redis. Never raises.

        The web process that announces has 16 threads, and each answer waited for is one more turn.
        """
        pipeline = self.redis.pipeline(transaction=False)
        pipeline.rpush(lane_key(lane), *(str(job_id) for job_id in job_ids))
        pipeline.llen(lane_key(lane))
        self._ring(Task.CLASSIFY, pipeline)

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

    def await_any(
        self, lanes: Sequence[Lane], count: int, seconds: float
    ) -> tuple[Lane, list[JobId]] | None:
        """Take up to `count` job ids off the first lane that has some, waiting for them if need be.

        None if nothing comes in so many seconds, or if Redis is away or older than 7.
        """
        keys = {lane_key(lane): lane for lane in lanes}
        seconds = max(seconds, SHORTEST_WAIT_SECONDS)
        try:
            found = self._waiting.blmpop(seconds, len(keys), *keys, direction="LEFT", count=count)
        except redis.RedisError as error:
            log.warning("wait_failed", error=type(error).__name__)
            return None
        if not found:
            return None
        key, raws = cast("tuple[bytes, list[bytes]]", found)
        return keys[key.decode()], _job_ids(raws)

    def depth(self, lane: Lane) -> int:
        """Return how many ids wait on a lane. Raises redis.RedisError."""
        return int(self.redis.llen(lane_key(lane)))

    def ring(self, task: Task) -> None:
        """Call a Celery task unless that was done within the last second. Never raises."""
        self._ring(task, self.redis.pipeline(transaction=False))

    def _ring(self, task: Task, pipeline: Pipeline) -> None:
        pipeline.set(bell_key(task), 1, nx=True, px=BELL_MILLISECONDS)
        pipeline.llen(task.value)
        try:
            *left, quiet, calls = pipeline.execute()
            if not quiet:
                return
            if left and not left[-1]:
                # A worker that waited on the lane has all of it: one more would wake for nothing.
                self.redis.delete(bell_key(task))
            # While nobody answers, calls must not pile up in a Redis that evicts nothing.
            elif calls < MAX_CALLS:
                self.celery.send_task(task.value)
        except (redis.RedisError, OperationalError, OSError) as error:
            log.warning("bell_failed", task=task, error=type(error).__name__)

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
