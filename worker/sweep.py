"""Sweeping: ring for whatever waits and was not rung for, and see that the database is right."""

from collections.abc import Callable, Mapping

import redis
import structlog

from moderation.broker import Broker, Task
from moderation.model.jobs import Lane
from moderation.runtime import Runtime
from moderation.services.asking import has_questions
from moderation.services.bulks import has_turns
from moderation.services.claiming import work_waits
from moderation.services.deliveries import has_due
from moderation.services.growing import count_grown
from moderation.services.learning import has_lessons

log = structlog.get_logger()

_WAITING: Mapping[Task, Callable[[Runtime], bool]] = {
    Task.DELIVER: has_due,
    Task.ASK: has_questions,
    Task.BULK: has_turns,
    Task.LEARN: has_lessons,
}

CALL_SECONDS = 15
"""At rest each worker is called at least so often: its mark of progress stays young."""


def sweep(runtime: Runtime) -> None:
    """Ring the bells of the tasks that have something to do; see that ages and plans are right."""
    if step := runtime.database.follow_time_of_day():
        log.warning("clock_was_set", seconds=round(step.total_seconds()))
    overlooked, expired = work_waits(runtime)
    if overlooked or _lanes_hold_ids(runtime.broker):
        runtime.broker.ring(Task.CLASSIFY)
    if expired:
        runtime.broker.ring(Task.RETRY)
    for task, waits in _WAITING.items():
        if waits(runtime):
            runtime.broker.ring(task)
    for task in (Task.CLASSIFY, Task.RETRY, Task.DELIVER):
        runtime.broker.call_now_and_then(task, CALL_SECONDS)
    # Last: it may take a second, or fail, and nobody shall wait for a bell meanwhile.
    if grown := count_grown(runtime):
        log.info("tables_counted", tables=grown)


def _lanes_hold_ids(broker: Broker) -> bool:
    try:
        return any(broker.depth(lane) for lane in Lane)
    except redis.RedisError:
        return False
