"""What a comment costs at backlogs of a thousand to a hundred thousand, and memory.

The classifier is a stand-in that costs nothing, so that the queue's cost alone is measured: what
would be lost beside a real classifier's milliseconds shows here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import mean, median
from time import monotonic, sleep
from uuid import uuid4

from moderation.broker import Task
from tests.bench import texts
from tests.bench.backlogs import (
    MINUTES_10,
    asleep,
    check_decided,
    drained,
    jobs_wait,
    wait_for_workers,
)
from tests.bench.drain import DRAINING, WARM_UP, drain, draining
from tests.bench.options import Options
from tests.bench.parts import PROGRAMS
from tests.bench.places import KINDS, place
from tests.bench.posting import batches, post_all
from tests.bench.processes import megabytes
from tests.bench.results import Result, Target
from tests.installation import Installation

BENCH = "backlog"
SIZES = (1_000, 10_000, 100_000)
SIZES_SHORT = (500, 1_000, 2_000)
WORKER = "tests.bench.cheap_worker"
FLAT = Target(at_most=1.15)
WATCHED = ("classify", "web", "valkey")


def run(options: Options) -> Iterator[Result]:
    """Measure both databases."""
    sizes = SIZES_SHORT if options.short else SIZES
    # Enough that no text comes twice: what is posted again is a flood, which costs more.
    comments = texts.comments(sizes[-1] + 4 * sizes[1] + WARM_UP)
    for kind in KINDS:
        runs = [_costs(kind, sizes, iter(comments)) for _ in range(options.runs)]
        yield from _results(kind, sizes, runs)
        yield from _memory(kind, comments[: sizes[-1]])


def _costs(kind: str, sizes: Sequence[int], comments: Iterator[str]) -> dict[int, float]:
    """Return the milliseconds of CPU per comment at each size, in an installation of its own.

    The smaller backlogs are drained before the largest and again after it: else what is stored by
    then, and a machine whose pace drifts, would count as the price of a long queue.
    """
    *smaller, largest = sizes
    found: dict[int, list[float]] = {size: [] for size in sizes}
    with place(kind) as desk:
        desk.worker_app = WORKER
        desk.start(*PROGRAMS)
        wait_for_workers(desk)
        drain(desk, list(islice(comments, WARM_UP)), "warm-up")
        for size in (*smaller, largest, *reversed(smaller)):
            found[size].append(_cost(desk, comments, size, max(sizes[1] // size, 1)))
    return {size: mean(costs) for size, costs in found.items()}


def _cost(desk: Installation, comments: Iterator[str], size: int, times: int) -> float:
    # A small backlog several times over: the system counts in hundredths of a second.
    spent = 0.0
    for _ in range(times):
        spent += drain(desk, list(islice(comments, size)), uuid4().hex).cpu(*DRAINING)
    return 1000 * spent / (times * size)


def _results(kind: str, sizes: Sequence[int], runs: Sequence[dict[int, float]]) -> Iterator[Result]:
    smallest, largest = sizes[0], sizes[-1]
    for size in sizes:
        yield Result(
            bench=BENCH,
            measure=f"{kind}: CPU per comment of {draining(kind)}, {size:,} waiting",
            value=median(costs[size] for costs in runs),
            unit="ms",
            runs=len(runs),
            peer=f"{smallest:,} waiting",
            peer_value=median(costs[smallest] for costs in runs),
            ratio=median(costs[size] / costs[smallest] for costs in runs),
            target=FLAT if size == largest else None,
        )


@dataclass(slots=True)
class _Watch:
    """The memory of each program: at first, and the most that was seen since."""

    desk: Installation
    at_rest: dict[str, float]
    most: dict[str, float]

    def look(self) -> None:
        self.most = {name: max(self.most[name], now) for name, now in _memory_of(self.desk).items()}


def _memory(kind: str, comments: Sequence[str]) -> Iterator[Result]:
    """Post everything while the workers are held still, then let them drain it."""
    with place(kind) as desk:
        desk.worker_app = WORKER
        desk.start()
        desk.ready()
        wait_for_workers(desk)
        post_all(desk, "/v1/comments/batch", batches(comments[:WARM_UP], "warm-up"), 1)
        drained(desk)
        at_rest = _memory_of(desk)
        watch = _Watch(desk, at_rest, at_rest)
        with asleep(desk):
            post_all(desk, "/v1/comments/batch", batches(comments, "run"), 4)
            watch.look()
            desk.runtime.broker.ring(Task.CLASSIFY)
        _watch_drain(watch)
        check_decided(desk, "run", len(comments))
    for name in WATCHED:
        yield Result(
            bench=BENCH,
            measure=f"{kind}: memory of {name} (PSS), most while {len(comments):,} wait",
            value=watch.most[name],
            unit="MiB",
            runs=1,
            peer="at rest",
            peer_value=watch.at_rest[name],
            ratio=watch.most[name] / watch.at_rest[name],
        )


def _watch_drain(watch: _Watch) -> None:
    deadline = monotonic() + MINUTES_10
    while jobs_wait(watch.desk):
        if monotonic() > deadline:
            raise TimeoutError("the backlog is not drained")
        watch.look()
        sleep(1)


def _memory_of(desk: Installation) -> dict[str, float]:
    return {name: megabytes(desk.processes[name].pid) for name in WATCHED}
