"""What is done before the programs start: migrate, and make the first people and the first site.

Runs as a process of its own (`python -m moderation.embedded.prepare`), for it needs the storage and
Celery, which the small process that stays does not. Answers with one line of JSON.
"""

import json
import logging
import secrets
import sys
import time
from dataclasses import asdict, dataclass

import redis

from classifiers import registry
from moderation.broker import Task, bell_key
from moderation.model.errors import ModerationError, NotConfigured
from moderation.model.people import Role
from moderation.runtime import Runtime, open_runtime
from moderation.services.api_keys import add_key
from moderation.services.people import add_user, list_users, set_password
from moderation.services.sites import add_site, list_sites
from moderation.settings import read_settings
from moderation.storage.migrate import upgrade
from moderation.telemetry import configure_logs

ADMIN = "admin@localhost"
SITE = "demo"

CALLED = (Task.CLASSIFY, Task.RETRY, Task.DELIVER)
"""The tasks that must answer before an installation counts as ready."""

ANSWER_MILLISECONDS = 120_000
VALKEY_SECONDS = 30.0

# Without 0, O, 1, l and I: somebody may have to type it.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the first start made, shown once and kept nowhere, and the bells that were rung."""

    email: str | None
    password: str | None
    site: str | None
    key: str | None
    bells: tuple[str, ...]


def prepare(runtime: Runtime) -> Prepared:
    """Bring an installation to where its programs can start."""
    upgrade(runtime.database)
    key = None if list_sites(runtime) else _first_site(runtime)
    password = None if list_users(runtime) else _first_admin(runtime)
    return Prepared(
        email=password and ADMIN,
        password=password,
        site=key and SITE,
        key=key,
        bells=_call_workers(runtime),
    )


def _first_admin(runtime: Runtime) -> str:
    password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    user = add_user(runtime, ADMIN, "Administrator", Role.ADMIN)
    set_password(runtime, user.id, password)
    return password


def _first_site(runtime: Runtime) -> str:
    settings = runtime.settings
    judging = registry.entry(settings.classifier, settings.classifier_options())
    add_site(runtime, SITE, judging.version(), "Demonstration", labels=judging.labels())
    return add_key(runtime, SITE, "made at the first start")


def _call_workers(runtime: Runtime) -> tuple[str, ...]:
    """Call each task once; the first thing that it does is to take its bell down."""
    broker = runtime.broker
    _await_valkey(broker.redis)
    for task in CALLED:
        broker.redis.set(bell_key(task), 1, px=ANSWER_MILLISECONDS)
        broker.celery.send_task(task.value)
    return tuple(bell_key(task) for task in CALLED)


def _await_valkey(client: redis.Redis) -> None:
    """Wait until Redis answers: after a crash it reads its append-only file first."""
    deadline = time.monotonic() + VALKEY_SECONDS
    while True:
        try:
            client.ping()
        except redis.RedisError as error:
            if time.monotonic() > deadline:
                raise NotConfigured(f"Redis does not answer: {error}") from error
            time.sleep(0.05)
        else:
            return


def main() -> int:
    """Prepare, and answer on stdout; what is wrong goes to stderr, in one line."""
    configure_logs(as_json=False, level=logging.ERROR)
    try:
        with open_runtime(read_settings()) as runtime:
            prepared = prepare(runtime)
    except ModerationError as error:
        cause = getattr(error.__cause__, "orig", None)
        sys.stderr.write(f"{error}{f' ({cause})' if cause else ''}\n")
        return 1
    sys.stdout.write(json.dumps(asdict(prepared)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
