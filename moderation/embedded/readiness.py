"""Readiness: the web answers, and each worker has done something that it was asked to."""

import http.client
import time

import redis

from moderation.embedded.errors import CannotStart
from moderation.settings import Settings

READY_SECONDS = 120.0
"""A large model on a slow machine takes a minute to load."""

ANSWER_SECONDS = 2.0

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - to be replaced


class Readiness:
    """Asks whether an installation that was just started works; `bells` were rung before."""

    def __init__(self, settings: Settings, bells: tuple[str, ...]) -> None:
        self._host = _EVERYWHERE.get(settings.host, settings.host)
        self._port = settings.port
        self._bells = bells
        self._redis = redis.Redis.from_url(
            settings.redis_url.get_secret_value(), socket_timeout=ANSWER_SECONDS
        )
        self._deadline = time.monotonic() + READY_SECONDS

    def is_there(self) -> bool:
        """Say whether everything answered. Raises CannotStart after too long."""
        silent = [*self._silent_bells(), *self._silent_web()]
        if silent and time.monotonic() > self._deadline:
            raise CannotStart(f"After {READY_SECONDS:.0f} s this does not work: {silent}.")
        return not silent

    def _silent_bells(self) -> list[str]:
        try:
            return [bell for bell in self._bells if self._redis.exists(bell)]
        except redis.RedisError:
            return ["valkey"]

    def _silent_web(self) -> list[str]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", "/health/ready")
            return [] if connection.getresponse().status == http.HTTPStatus.OK else ["web"]
        except (OSError, http.client.HTTPException):
            return ["web"]
        finally:
            connection.close()
