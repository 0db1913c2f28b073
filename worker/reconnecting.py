"""How soon a worker notices that Redis is back."""

from typing import Any

from celery.app.amqp import AMQP
from kombu.connection import Connection

PAUSE_SECONDS = 1.0


class SteadyConnection(Connection):
    """Tries once a second; kombu itself waits 2, 4, 6 … 30 s, and Celery has no setting for it."""

    def ensure_connection(self, *args: Any, **options: Any) -> Connection:  # noqa: ANN401 - kombu's
        """Return this connection once it stands."""
        steady = {"interval_start": PAUSE_SECONDS, "interval_step": 0, "interval_max": 1}
        connected: Connection = super().ensure_connection(*args, **options | steady)  # type: ignore[no-untyped-call]
        return connected


class SteadyAmqp(AMQP):  # type: ignore[misc]  # Celery has no types
    """Celery's part that makes connections, for `Celery.amqp_cls`."""

    Connection = SteadyConnection
