"""Starts: from nothing to the first decision, and from a killed process to its successor's.

A comment waits from the beginning, so what is timed ends with a real decision.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from statistics import median
from uuid import uuid4

from tests.bench import texts
from tests.bench.options import Options
from tests.bench.places import place
from tests.bench.results import Result, Target
from tests.installation import Installation

LIMIT = Target(at_most=2.0)
DEADLINE = 60.0


def run(options: Options) -> Iterator[Result]:
    """Measure on SQLite: loading and importing do not depend on the database."""
    with place("SQLite") as desk:
        desk.start("valkey", "web", "beat", "deliveries")
        desk.ready()
        for name, begin in (("a worker's start", _start), ("a killed process", _kill)):
            runs = [_time(desk, begin) for _ in range(options.runs)]
            for which, value, target in (
                ("median", median(runs), LIMIT),
                ("longest", max(runs), None),
            ):
                measure = f"{name} to the first decision, {which}"
                yield Result("starts", measure, value, "s", len(runs), target=target)


def _time(desk: Installation, begin: Callable[[Installation], None]) -> float:
    """Return the seconds until a comment is decided that was posted as this began."""
    started = time.perf_counter()
    begin(desk)
    while not _decided(desk):
        if time.perf_counter() - started > DEADLINE:
            raise AssertionError("no decision within a minute")
        time.sleep(0.01)
    return time.perf_counter() - started


def _start(desk: Installation) -> None:
    if "classify" in desk.processes:
        desk.kill("classify")
    _post(desk)
    desk.start("classify")


def _kill(desk: Installation) -> None:
    for pid in desk.children("classify"):
        os.kill(pid, signal.SIGKILL)
    _post(desk)


def _post(desk: Installation) -> None:
    [text] = texts.comments(1)
    desk.post("/v1/comments", {"external_id": uuid4().hex, "text": text})


def _decided(desk: Installation) -> bool:
    return not desk.rows(
        "SELECT id FROM jobs WHERE state = 'queued' AND purpose = 'decide' LIMIT 1"
    )
