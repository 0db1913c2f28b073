"""Beat: rings on time. The entry point of its process, which knows nothing of the work.

Imported by `celery -A worker.beat beat` alone.
"""

from celery import Celery
from celery.signals import after_task_publish, beat_init, setup_logging

from moderation.calls import make_celery
from moderation.progress import DEFAULT_PATIENCE, Mark
from moderation.settings import Settings, read_settings
from moderation.telemetry import configure_logs
from worker.reconnecting import SteadyAmqp
from worker.schedule import BEAT_SCHEDULE

_settings = read_settings()
_mark = Mark(_settings.var, "beat")


def make_beat(settings: Settings) -> Celery:
    """Return an application that can send what the schedule says, and do none of it."""
    made = make_celery(settings.redis_url.get_secret_value())
    made.amqp_cls = SteadyAmqp
    made.conf.update(
        beat_schedule=BEAT_SCHEDULE,
        # The default would sleep up to five minutes between looks at the schedule.
        beat_max_loop_interval=1,
    )
    return made


def _set_up_logging(**_: object) -> None:
    configure_logs(as_json=_settings.log_json)


def _begin(**_: object) -> None:
    _mark.begin(DEFAULT_PATIENCE)


def _rang(**_: object) -> None:
    _mark.touch()


setup_logging.connect(_set_up_logging, weak=False)
beat_init.connect(_begin, weak=False)
after_task_publish.connect(_rang, weak=False)
app = make_beat(_settings)
