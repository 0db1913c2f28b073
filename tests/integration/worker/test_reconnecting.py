"""A worker whose Redis is away looks again in short, even steps."""

import pytest

from moderation.calls import make_celery
from tests.servers import free_port
from worker import reconnecting
from worker.reconnecting import SteadyAmqp


class EnoughSeen(Exception):
    """Raised to end the attempts."""


def test_the_pauses_between_attempts_do_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconnecting, "PAUSE_SECONDS", 0.01)
    app = make_celery(f"redis://127.0.0.1:{free_port()}/0")
    app.amqp_cls = SteadyAmqp
    pauses: list[float] = []

    def note(_error: Exception, pause: float) -> None:
        pauses.append(pause)
        if len(pauses) == 4:
            raise EnoughSeen

    # As Celery's consumer asks for its connection.
    with app.connection_for_read() as connection, pytest.raises(EnoughSeen):
        connection.ensure_connection(note, None)
    assert pauses == [0.01] * 4
