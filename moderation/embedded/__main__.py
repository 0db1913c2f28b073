"""`copydesk run`: start everything, say where it is, keep it running, stop it."""

import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

from moderation.embedded import programs
from moderation.embedded.errors import CannotStart
from moderation.embedded.folder import (
    Folder,
    forget_address,
    keep_address,
    keep_secret_key,
    open_folder,
)
from moderation.embedded.greeting import greeting
from moderation.embedded.ports import check_web_port
from moderation.embedded.preparation import prepare, was_prepared
from moderation.embedded.readiness import Readiness
from moderation.embedded.scoring import choose_address
from moderation.embedded.supervisor import Supervisor
from moderation.embedded.valkey import configure_valkey
from moderation.model.errors import ModerationError
from moderation.settings import Settings, folder, is_set, read_settings


class StopSignals:
    """Counts the requests to stop: one stops properly, a second one at once."""

    def __init__(self) -> None:
        self.count = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._hear)

    def _hear(self, _number: int, _frame: object) -> None:
        self.count += 1


def main() -> int:
    """Run until somebody says stop; return the exit status."""
    try:
        run(StopSignals())
    except (CannotStart, ModerationError) as error:
        sys.stderr.write(f"copydesk: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"copydesk: {error.filename or 'this machine'}: {error.strerror}\n")
        return 1
    return 0


def run(stop: StopSignals) -> None:
    """Start everything on this machine and keep it running until `stop` heard something.

    Raises CannotStart, NotConfigured; then nothing is left running.
    """
    with open_folder(folder()) as place:
        keep_secret_key(place)
        forget_address(place)
        redis = [] if is_set("redis_url") else [programs.valkey(configure_valkey(place))]
        if not is_set("scoring_url"):
            choose_address(place)
        settings = read_settings()
        check_web_port(settings.host, settings.port)
        keep_address(place, settings.base_url)
        say(f"Starting Copydesk in {place.path}/ …")
        supervisor = Supervisor(place, say)
        try:
            supervisor.start(redis)
            made = _start(supervisor, place, settings)
            _attend(supervisor, settings, made, stop)
            say("Stopping …")
        finally:
            supervisor.stop(in_a_hurry=lambda: stop.count > 1)
    say("Stopped.")


def _attend(
    supervisor: Supervisor, settings: Settings, made: Mapping[str, Any], stop: StopSignals
) -> None:
    readiness = Readiness(settings, tuple(made["bells"]))
    while not stop.count and not readiness.is_there():
        supervisor.tend()
    if not stop.count:
        supervisor.ready()
        say("\n".join(greeting(settings, made)))
    while not stop.count:
        supervisor.tend()


def _start(supervisor: Supervisor, place: Folder, settings: Settings) -> dict[str, Any]:
    ours = programs.programs(settings)
    if was_prepared(place, settings):
        supervisor.start(ours)
        return prepare(place, settings)
    made = prepare(place, settings)
    supervisor.start(ours)
    return made


def say(text: str) -> None:
    """Tell the person at the terminal, if there is still one."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for the rest of our life


if __name__ == "__main__":
    sys.exit(main())
