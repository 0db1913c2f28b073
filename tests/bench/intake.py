"""Intake: `POST /v1/comments` against a Flask application that does nothing, on the same server.

Both web servers run all the time, and are loaded in turn. No worker runs: on so few cores the
classifier would take what the web server needs, and not the way of a comment into the database but
the scheduler would be measured.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median

from tests.bench.load import Answered, Orders, send
from tests.bench.options import Options
from tests.bench.places import KINDS, place
from tests.bench.processes import cpu_seconds
from tests.bench.results import Result, Target
from tests.installation import Installation, environment, wait_until
from tests.servers import free_port

SECONDS = 8.0
SHORT_SECONDS = 1.0

RATE = Target(at_least=0.30)
P99 = Target(at_most=3.0)

PEER = "Flask no-op"


@dataclass(frozen=True, slots=True)
class Loaded:
    """One server under load; CPU of its processes for each request, in seconds."""

    answered: Answered
    cpu: float


def run(options: Options) -> Iterator[Result]:
    """Measure on both databases, with Redis awake and frozen."""
    for kind in KINDS:
        with place(kind) as installed:
            installed.start("valkey", "web")
            with _noop(installed) as (port, process):
                bench = _Bench(installed, port, process, options)
                bench.warm_up()
                yield from _rows(kind, bench.pairs())
                installed.kill("valkey", signal.SIGSTOP)
                yield from _rows(f"{kind}, Redis frozen", bench.pairs())
                installed.kill("valkey", signal.SIGCONT)


@dataclass(frozen=True, slots=True)
class _Bench:
    installed: Installation
    noop_port: int
    noop: "subprocess.Popen[bytes]"
    options: Options

    @property
    def seconds(self) -> float:
        return SHORT_SECONDS if self.options.short else SECONDS

    def warm_up(self) -> None:
        self.installed.ready()
        short = replace(self, options=replace(self.options, short=True))
        short.peer()
        short.ours()

    def pairs(self) -> list[tuple[Loaded, Loaded]]:
        """Load both in turn, so often; ours is the first of each pair."""
        return [(self.ours(), self.peer()) for _ in range(self.options.runs)]

    def ours(self) -> Loaded:
        port, pid = self.installed.settings.port, self.installed.processes["web"].pid
        return self._load(Orders(port, "/v1/comments", self.installed.key, self.seconds), pid)

    def peer(self) -> Loaded:
        return self._load(
            Orders(self.noop_port, "/", self.installed.key, self.seconds), self.noop.pid
        )

    def _load(self, orders: Orders, pid: int) -> Loaded:
        before = cpu_seconds([pid])
        answered = send(orders)
        spent = cpu_seconds([pid]) - before
        if set(answered.statuses) != {"202"}:
            raise AssertionError(f"not everything was accepted: {answered.statuses}")
        return Loaded(answered, spent / sum(answered.statuses.values()))


@contextmanager
def _noop(installed: Installation) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    settings = installed.settings.model_copy(update={"port": free_port()})
    command = [sys.executable, "-m", "gunicorn", "-c", "python:api.gunicorn_conf"]
    with (installed.folder / "noop.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "tests.bench.noop:make()"],
            env=os.environ | environment(settings),
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until(lambda: b"Booting worker" in (installed.folder / "noop.log").read_bytes())
        yield settings.port, process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _rows(where: str, pairs: list[tuple[Loaded, Loaded]]) -> Iterator[Result]:
    answered = [(ours.answered, peer.answered) for ours, peer in pairs]
    rates = [(ours.rate, peer.rate) for ours, peer in answered]
    yield _row(f"requests, {where}", "1/s", rates, RATE)
    p99s = [(1000 * ours.p99, 1000 * peer.p99) for ours, peer in answered]
    yield _row(f"p99, {where}", "ms", p99s, P99)
    cpus = [(1e6 * ours.cpu, 1e6 * peer.cpu) for ours, peer in pairs]
    yield _row(f"CPU of the web process a request, {where}", "µs", cpus)
    client = [(ours.client_cpu, peer.client_cpu) for ours, peer in answered]
    yield _row(f"the client's own share of a core, {where}", "", client)


def _row(
    measure: str, unit: str, pairs: list[tuple[float, float]], target: Target | None = None
) -> Result:
    return Result(
        bench="intake",
        measure=measure,
        value=median(ours for ours, _ in pairs),
        unit=unit,
        runs=len(pairs),
        peer=PEER,
        peer_value=median(peer for _, peer in pairs),
        ratio=median(ours / peer for ours, peer in pairs),
        target=target,
    )
