"""What beat does, and when."""

import time
from datetime import UTC, datetime, timedelta

from celery.schedules import schedstate, schedule

from moderation.broker import Task

_STARTED_AT = datetime.now(UTC) - timedelta(seconds=time.monotonic())


class Every(schedule):  # type: ignore[misc]  # Celery has no types
    """Every so many seconds, whoever sets the clock.

    Celery's own would wait until a clock that was set back has caught up, and beat with it.
    """

    def now(self) -> datetime:
        """Return the time as it was when this process started, and what has passed since."""
        return _STARTED_AT + timedelta(seconds=time.monotonic())

    def is_due(self, last_run_at: datetime) -> schedstate:
        """Say whether it is time, and in how many seconds to ask again."""
        if self.maybe_make_aware(last_run_at) > self.now():
            # Kept by a beat before this one, whose clock was ahead.
            return schedstate(is_due=True, next=self.seconds)
        return super().is_due(last_run_at)


BEAT_SCHEDULE = {
    # A lost bell costs a comment at most this second (and the one before it counts as overlooked).
    "sweep": {"task": Task.SWEEP.value, "schedule": Every(1.0)},
    # Hours are chosen to the hour, and waiting times to a quarter of one.
    "mail": {"task": Task.MAIL.value, "schedule": Every(60.0)},
    # How many comments are audited follows how many are approved, within ten minutes.
    "audit": {"task": Task.AUDIT.value, "schedule": Every(600.0)},
    "tidy": {"task": Task.TIDY.value, "schedule": Every(3600.0)},
}
