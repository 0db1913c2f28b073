"""Progress of this process: which marks it leaves, begun at its start, touched as tasks end."""

from collections.abc import Mapping
from typing import Any

import structlog

from moderation.broker import Task
from moderation.progress import Mark
from worker import weights
from worker.timing import patience_of, slowest

log = structlog.get_logger()

WORKERS: Mapping[Task, str] = {
    Task.CLASSIFY: "classify",
    Task.RETRY: "retry",
    Task.DELIVER: "deliveries",
    Task.SWEEP: "deliveries",
    Task.TIDY: "deliveries",
    Task.ASK: "deliveries",
    Task.MAIL: "deliveries",
    Task.BULK: "deliveries",
    Task.AUDIT: "deliveries",
    Task.LEARN: "deliveries",
}
"""Who does what, by the names of the programs."""

LOADING = frozenset({Task.CLASSIFY, Task.RETRY})
"""Who needs a classifier."""

LOADING_SECONDS = 600.0
"""A restart in the middle of loading a large model would only make it begin again."""

_marks: dict[str, Mark] = {}


def begin(sender: Any, **_: object) -> None:  # noqa: ANN401 - Celery's worker_init
    """Leave the first marks of a worker that starts, before it loads anything."""
    for task in Task:
        if task.value in sender.app.amqp.queues.consume_from:
            mark = _marks[WORKERS[task]] = Mark(weights.settings().var, WORKERS[task])
            if not mark.begin(LOADING_SECONDS if task in LOADING else _patience()):
                log.warning("no_progress_marks", folder=str(weights.settings().var))


def loaded() -> None:
    """Note that a child has loaded its classifier."""
    for mark in _marks.values():
        mark.begin(_patience())


def ended(task: Task) -> None:
    """Note that a task has ended."""
    if mark := _marks.get(WORKERS[task]):
        mark.touch()


def _patience() -> float:
    return patience_of(slowest(weights.settings()))
