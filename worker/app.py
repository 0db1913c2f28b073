"""The Celery application: the entry point of every worker process.

Imported by `celery -A worker.app` alone; it reads the settings, and connects to nothing.
"""

import gc

import structlog
from celery import Celery
from celery.signals import (
    setup_logging,
    worker_before_create_process,
    worker_init,
    worker_process_init,
)

from moderation.calls import make_celery
from moderation.settings import Settings
from moderation.telemetry import configure_logs
from worker import process, progress, tasks, weights
from worker.reconnecting import SteadyAmqp
from worker.timing import slowest, time_limit_of

log = structlog.get_logger()


def make_app(settings: Settings) -> Celery:
    """Return the application with every setting that only the consuming side has."""
    made = make_celery(settings.redis_url.get_secret_value())
    # Looks for Redis once a second, and does not double its pauses.
    made.amqp_cls = SteadyAmqp
    made.conf.update(
        # The lease in the database redelivers, so messages need no late acknowledgement.
        task_acks_late=False,
        # One message in hand: what a process does not work on stays for the others.
        worker_prefetch_multiplier=1,
        # Redis may be away at the start and at any time later: wait for it, for ever.
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # Kills a task that hangs in a model; a task normally ends after about a second.
        task_time_limit=time_limit_of(slowest(settings)),
        # A stopping worker may finish its batch, which takes about a second, and some patience for
        # a slow model; whoever stops it kills it after about as long.
        worker_soft_shutdown_timeout=10,
        # Remote control stays on: without it a worker does not notice a restarted Redis when all
        # its prefetch slots are taken. Its reply keys expire, else they would pile up.
        control_queue_ttl=60,
        control_queue_expires=60,
        # Nobody reads the events of tasks; each would be one more message for every call.
        worker_send_task_events=False,
        # Celery would put a handler of its own in the place of ours, which keeps texts out.
        worker_hijack_root_logger=False,
        # Loading a large model in a new child must not count as a hung child.
        worker_proc_alive_timeout=60,
    )
    tasks.register(made)
    return made


def _set_up_logging(**_: object) -> None:
    configure_logs(as_json=weights.settings().log_json)


def _load_weights(**_: object) -> None:
    """Load the model in the parent, once, for all the children that it will ever fork."""
    weights.weights()
    # What the garbage collector does not touch stays shared.
    gc.freeze()


def _warm_up(**_: object) -> None:
    """Make everything ready in the new child, before the first comment comes."""
    tasks.drain()
    process.note_version()
    progress.loaded()
    tasks.call()
    log.info("worker_ready", classifier=weights.settings().classifier)


setup_logging.connect(_set_up_logging, weak=False)
worker_init.connect(progress.begin, weak=False)
worker_before_create_process.connect(_load_weights, weak=False)
worker_process_init.connect(_warm_up, weak=False)
app = make_app(weights.settings())
