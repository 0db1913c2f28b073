"""A preloaded backlog, drained by two workers, against the bare classifier in two processes.

"By CPU time" means: the user and system seconds that the process tree of the Celery workers spends
while the backlog is drained, the models being loaded and warm, against those of two processes that
only call the same classifier on the same comments in batches of the same size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from moderation.broker import Task
from tests.bench import texts
from tests.bench.backlogs import (
    asleep,
    check_decided,
    drained,
    explained,
    preload,
    wait_for_workers,
)
from tests.bench.bare import Bare, BareSpent, bare
from tests.bench.options import Options
from tests.bench.parts import PROGRAMS, SERVER, VALKEY, WORKERS, Meter, Spent, parts
from tests.bench.places import KINDS, place
from tests.bench.results import Result, Target
from tests.installation import Installation

BENCH = "drain"
COMMENTS = 3_000
COMMENTS_SHORT = 400
WARM_UP = 500
TARGET = Target(at_least=0.90)
DRAINING = (WORKERS, VALKEY, SERVER)


@dataclass(frozen=True, slots=True)
class Run:
    """One backlog through the peer, then through us."""

    comments: int
    bare: BareSpent
    ours: Spent


def run(options: Options) -> Iterator[Result]:
    """Measure both databases."""
    size = COMMENTS_SHORT if options.short else COMMENTS
    for kind in KINDS:
        with place(kind) as desk, bare() as peer:
            desk.start(*PROGRAMS)
            wait_for_workers(desk)
            drain(desk, texts.comments(WARM_UP), "warm-up")
            # Others each time: what a reader posts again and again is a flood, which costs more.
            fresh = [texts.comments(size, seed=n + 2) for n in range(options.runs)]
            runs = [_run(desk, peer, some, f"run{n}") for n, some in enumerate(fresh)]
        yield from _results(kind, runs)


def drain(desk: Installation, comments: Sequence[str], prefix: str) -> Spent:
    """Store a backlog while the workers are held still, and have it drained."""
    meter = _drain(desk, comments, prefix)
    spent = meter.read()
    check_decided(desk, prefix, len(comments))
    return spent


def _drain(desk: Installation, comments: Sequence[str], prefix: str) -> Meter:
    with asleep(desk):
        preload(desk, comments, prefix)
        desk.runtime.broker.ring(Task.CLASSIFY)
        meter = Meter(parts(desk))
    drained(desk)
    return meter


def draining(kind: str) -> str:
    """Say what DRAINING is on this kind of database."""
    return "workers and Valkey" if kind == "SQLite" else "workers, Valkey and PostgreSQL"


def _run(desk: Installation, peer: Bare, comments: Sequence[str], prefix: str) -> Run:
    meter = _drain(desk, comments, prefix)
    # Before the meter is read: a comment that is being explained meanwhile is at our cost.
    flagged = explained(desk, prefix)
    spent = meter.read()
    check_decided(desk, prefix, len(comments))
    return Run(len(comments), peer.run(comments, flagged), spent)


def _results(kind: str, runs: Sequence[Run]) -> Iterator[Result]:
    yield _cpu(f"{kind}: CPU per comment, workers", runs, (WORKERS,))
    # What draining needs at the least: the workers alone would hide what they make others do.
    yield _cpu(f"{kind}: CPU per comment, {draining(kind)}", runs, DRAINING, TARGET)
    yield _cpu(f"{kind}: CPU per comment, with every process", runs, ())
    yield Result(
        bench=BENCH,
        measure=f"{kind}: comments a second",
        value=median(run.comments / run.ours.wall for run in runs),
        unit="1/s",
        runs=len(runs),
        peer="bare classifier",
        peer_value=median(run.comments / run.bare.wall for run in runs),
        ratio=median(run.bare.wall / run.ours.wall for run in runs),
    )


def _cpu(
    measure: str, runs: Sequence[Run], names: tuple[str, ...], target: Target | None = None
) -> Result:
    return Result(
        bench=BENCH,
        measure=measure,
        value=median(1000 * run.ours.cpu(*names) / run.comments for run in runs),
        unit="ms",
        runs=len(runs),
        peer="bare classifier",
        peer_value=median(1000 * run.bare.cpu / run.comments for run in runs),
        ratio=median(run.bare.cpu / run.ours.cpu(*names) for run in runs),
        target=target,
    )
