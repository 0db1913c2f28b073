"""The Celery tasks: each wakes up, does what there is to do, and is called again for more.

None has arguments.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from functools import cache, wraps

import structlog
from celery import Celery

from classifiers import registry
from moderation.broker import Task
from moderation.model.errors import Transient
from moderation.services.audit_sampling import count_approvals
from moderation.services.endpoints import address_guard
from moderation.services.retention import forget_complaints, forget_finished
from moderation.services.search_index import drop_removed
from worker import process, progress, weights
from worker.asking import ask as ask_due
from worker.bulks import work_off
from worker.deliveries import deliver as deliver_due
from worker.drain import Drain
from worker.heads import Heads
from worker.learning import study
from worker.mailing import mail as mail_due
from worker.reading import Reader
from worker.sweep import sweep as sweep_once
from worker.timing import lease_of, slowest
from worker.webhooks import send

log = structlog.get_logger()


@cache
def drain() -> Drain:
    """Return this process's way through the jobs, with its classifier loaded."""
    settings = weights.settings()
    judging = registry.entry(settings.classifier, settings.classifier_options())
    return Drain(
        runtime=process.judging(),
        reader=Reader(weights.weights(), weights.other_classifier, process.classifier_of),
        heads=Heads(process.judging()),
        lease=timedelta(seconds=lease_of(slowest(settings))),
        batch_characters=judging.batch_characters,
    )


def call() -> None:
    """Call whoever judges: a process that died may have had the last call in hand."""
    broker = process.judging().broker
    for task in (Task.CLASSIFY, Task.RETRY):
        # The bell of that call, which nobody will answer.
        broker.silence(task)
        broker.ring(task)


def classify() -> None:
    """Work off the lanes."""
    process.note_version()
    drain().classify()


def retry() -> None:
    """Work off jobs whose lease ran out."""
    process.note_version()
    drain().retry()


def deliver() -> None:
    """Send webhooks that are due."""
    runtime = process.runtime()
    runtime.broker.silence(Task.DELIVER)
    if deliver_due(runtime, send, address_guard(runtime.settings)):
        runtime.broker.ring(Task.DELIVER)


def ask() -> None:
    """Ask Perspective, for sites that compare."""
    process.runtime().broker.silence(Task.ASK)
    ask_due(process.runtime())


def bulk() -> None:
    """Carry out what people decided about many comments at once."""
    runtime = process.runtime()
    runtime.broker.silence(Task.BULK)
    if work_off(runtime):
        runtime.broker.ring(Task.BULK)


def mail() -> None:
    """Send digests and warnings that are due."""
    mail_due(process.runtime())


def audit() -> None:
    """Count what is approved by automation, of which people judge a share."""
    count_approvals(process.runtime())


def learn() -> None:
    """Train heads that are asked for, and give comments of the past the score of a new one."""
    runtime = process.runtime()
    runtime.broker.silence(Task.LEARN)
    if study(runtime):
        runtime.broker.ring(Task.LEARN)


def sweep() -> None:
    """Ring for whatever waits."""
    sweep_once(process.runtime())


def tidy() -> None:
    """Forget what was kept for a while only."""
    runtime = process.runtime()
    finished = asdict(forget_finished(runtime))
    log.info("tidied", complaints=forget_complaints(runtime), **finished)
    drop_removed(runtime)
    if not runtime.database.checkpoint():
        log.warning("log_not_emptied", reason="something reads for long, a backup perhaps")


def register(app: Celery) -> None:
    """Make the tasks known under the names that producers use."""
    for name, function in {
        Task.CLASSIFY: classify,
        Task.RETRY: retry,
        Task.DELIVER: deliver,
        Task.SWEEP: sweep,
        Task.TIDY: tidy,
        Task.ASK: ask,
        Task.BULK: bulk,
        Task.MAIL: mail,
        Task.AUDIT: audit,
        Task.LEARN: learn,
    }.items():
        app.task(name=name.value)(_patient(name, function))


def _patient(name: Task, function: Callable[[], None]) -> Callable[[], None]:
    """End a task quietly while the database or the classifier is away.

    The next bell finds the same work. Either way it has ended in good order; any other failure
    leaves no mark of progress.
    """

    @wraps(function)
    def run() -> None:
        try:
            function()
        except Transient as error:
            log.warning("task_put_off", task=name, error=type(error).__name__, reason=str(error))
        progress.ended(name)

    return run
