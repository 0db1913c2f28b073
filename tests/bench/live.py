"""POST to decision, with everything on the same cores, against the bare classifier.

The clock starts before the first POST and stops when the last comment is decided. The site that
posts, the web, the workers, Valkey and the database share the cores; the peer has them alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from time import monotonic

from tests.bench import texts
from tests.bench.backlogs import check_decided, drained, wait_for_workers
from tests.bench.bare import Bare, bare
from tests.bench.options import Options
from tests.bench.parts import Meter, parts
from tests.bench.places import KINDS, place
from tests.bench.posting import Body, batches, post_all, singles
from tests.bench.results import Result, Target
from tests.installation import Installation

COMMENTS = 3_000
COMMENTS_SHORT = 400
WARM_UP = 500
TARGET = Target(at_least=0.70)
BUSY_SITE = 40.0
"""Comments a second."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a site posts its comments."""

    name: str
    path: str
    connections: int

    def bodies(self, comments: Sequence[str], prefix: str) -> list[Body]:
        return (batches if self.path.endswith("batch") else singles)(comments, prefix)


SINGLES = Way("one comment a request", "/v1/comments", 8)
WAYS = (Way("100 comments a request", "/v1/comments/batch", 1), SINGLES)


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds for the same: of the clock, or of CPU time for one comment."""

    bare: float
    ours: float


def run(options: Options) -> Iterator[Result]:
    """Measure both databases and both ways of posting."""
    comments = texts.comments(COMMENTS_SHORT if options.short else COMMENTS)
    for kind in KINDS:
        with place(kind) as desk, bare() as peer:
            desk.start()
            desk.ready()
            wait_for_workers(desk)
            for way in WAYS:
                _post(desk, way, comments[:WARM_UP], f"{way.path}-warm-up")
            for way in WAYS:
                runs = [_run(desk, peer, way, comments, f"{n}") for n in range(options.runs)]
                yield _result(kind, way, len(comments), runs)
            some = comments[: len(comments) // 5]
            yield _paced(kind, [_pace(desk, peer, some, f"paced-{n}") for n in range(options.runs)])


def _run(desk: Installation, peer: Bare, way: Way, comments: list[str], prefix: str) -> Run:
    bare_wall = peer.run(comments).wall
    prefix = f"{way.path}-{prefix}"
    started = monotonic()
    _post(desk, way, comments, prefix)
    wall = monotonic() - started
    check_decided(desk, prefix, len(comments))
    return Run(bare_wall, wall)


def _post(desk: Installation, way: Way, comments: Sequence[str], prefix: str) -> None:
    post_all(desk, way.path, way.bodies(comments, prefix), way.connections)
    drained(desk)


def _result(kind: str, way: Way, comments: int, runs: list[Run]) -> Result:
    return Result(
        bench="live",
        measure=f"{kind}: comments a second, {way.name}",
        value=median(comments / run.ours for run in runs),
        unit="1/s",
        runs=len(runs),
        peer="bare classifier",
        peer_value=median(comments / run.bare for run in runs),
        ratio=median(run.bare / run.ours for run in runs),
        target=TARGET,
    )


def _pace(desk: Installation, peer: Bare, comments: list[str], prefix: str) -> Run:
    """Return the CPU seconds a comment: the peer's, and those of everything but the site."""
    bare_cpu = peer.run(comments).cpu
    meter = Meter(parts(desk) | {"web": [desk.processes["web"].pid]})
    post_all(desk, SINGLES.path, SINGLES.bodies(comments, prefix), SINGLES.connections, BUSY_SITE)
    drained(desk)
    spent = meter.read().cpu()
    check_decided(desk, prefix, len(comments))
    return Run(bare_cpu / len(comments), spent / len(comments))


def _paced(kind: str, runs: list[Run]) -> Result:
    return Result(
        bench="live",
        measure=f"{kind}: CPU per comment of everything, {BUSY_SITE:.0f} comments a second",
        value=median(1000 * run.ours for run in runs),
        unit="ms",
        runs=len(runs),
        peer="bare classifier",
        peer_value=median(1000 * run.bare for run in runs),
        ratio=median(run.bare / run.ours for run in runs),
    )
