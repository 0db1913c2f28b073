"""Sweeping: ring for whatever waits and was not rung for. It only rings."""

import redis
import structlog

from moderation.broker import Broker, Task
from moderation.model.jobs import Lane
from moderation.runtime import Runtime
from moderation.services.asking import has_questions
from moderation.services.bulks import has_turns
from moderation.services.claiming import work_waits
from moderation.services.deliveries import has_due

log = structlog.get_logger()

CALL_SECONDS = 15
"""At rest each worker is called so often: its mark of progress stays young."""


def sweep(runtime: Runtime) -> None:
    """Ring the bells of the tasks that have something to do; see that ages are right."""
    if step := runtime.database.follow_time_of_day():
        log.warning("clock_was_set", seconds=round(step.total_seconds()))
    overlooked, expired = work_waits(runtime)
    if overlooked or _lanes_hold_ids(runtime.broker):
        runtime.broker.ring(Task.CLASSIFY)
    if expired:
        runtime.broker.ring(Task.RETRY)
    if has_due(runtime):
        runtime.broker.ring(Task.DELIVER)
    if has_questions(runtime):
        runtime.broker.ring(Task.ASK)
    if has_turns(runtime):
        runtime.broker.ring(Task.BULK)
    for task in (Task.CLASSIFY, Task.RETRY, Task.DELIVER):
        runtime.broker.call_now_and_then(task, CALL_SECONDS)


def _lanes_hold_ids(broker: Broker) -> bool:
    try:
        return any(broker.depth(lane) for lane in Lane)
    except redis.RedisError:
        return False
