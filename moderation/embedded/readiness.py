"""Readiness: what serves HTTP answers, and each worker has done something that it was asked to."""

import http.client
import time
from urllib.parse import urlsplit

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
        self._web = (_EVERYWHERE.get(settings.host, settings.host), settings.port)
        scoring = urlsplit(settings.scoring_url)
        self._scoring = (scoring.hostname or "", scoring.port or 0)
        self._authorization = settings.scoring_authorization
        self._bells = bells
        self._redis = redis.Redis.from_url(
            settings.redis_url.get_secret_value(), socket_timeout=ANSWER_SECONDS
        )
        self._deadline = time.monotonic() + READY_SECONDS

    def is_there(self) -> bool:
        """Say whether everything answered. Raises CannotStart after too long."""
        silent = [*self._silent_bells(), *self._silent_servers()]
        if silent and time.monotonic() > self._deadline:
            raise CannotStart(f"After {READY_SECONDS:.0f} s this does not work: {silent}.")
        return not silent

    def _silent_bells(self) -> list[str]:
        try:
            return [bell for bell in self._bells if self._redis.exists(bell)]
        except redis.RedisError:
            return ["valkey"]

    def _silent_servers(self) -> list[str]:
        own = {"Authorization": self._authorization}
        asked = {
            "web": _answers(self._web, "/health/ready", {}),
            "scoring": _answers(self._scoring, "/", own),
        }
        return [name for name, answers in asked.items() if not answers]


def _answers(place: tuple[str, int], path: str, headers: dict[str, str]) -> bool:
    connection = http.client.HTTPConnection(*place, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
