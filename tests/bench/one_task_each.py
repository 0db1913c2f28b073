"""A backlog drained by us, against the plain way: one Celery task for each comment."""

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import process_time

from rich.console import Console
from sqlalchemy import Engine

from tests.bench import plain, texts
from tests.bench.backlogs import MINUTES_10, wait_for_workers
from tests.bench.drain import COMMENTS, COMMENTS_SHORT, WARM_UP, drain
from tests.bench.options import Options
from tests.bench.parts import PROGRAMS, SERVER, VALKEY, WORKERS, Meter, Spent, parts
from tests.bench.places import KINDS, place
from tests.bench.results import Result, Target
from tests.installation import Installation, environment, wait_until

BENCH = "one_task_each"
BERT_COMMENTS = 40
OURS_FOR_EACH_OF_BERT = 25
TARGET = Target(at_least=1.2)
PEER = "a Celery task each"


@dataclass(frozen=True, slots=True)
class Pair:
    """One backlog the plain way, then ours."""

    enqueued: float
    """CPU seconds of the side that sends the plain way's messages."""
    plain: Spent
    ours: Spent


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain workers, running."""

    desk: Installation
    engine: Engine
    process: "subprocess.Popen[bytes]"

    def drain(self, comments: Sequence[str]) -> tuple[float, Spent]:
        """Store and enqueue a backlog while the workers are held still, then let them go.

        Returns the CPU seconds of sending the messages, and what draining took.
        """
        os.killpg(self.process.pid, signal.SIGSTOP)
        enqueued = self._enqueue(plain.store(self.engine, comments))
        meter = Meter(parts(self.desk) | {WORKERS: [self.process.pid]})
        os.killpg(self.process.pid, signal.SIGCONT)
        wait_until(lambda: not plain.undecided(self.engine), MINUTES_10)
        return enqueued, meter.read()

    def _enqueue(self, ids: Sequence[int]) -> float:
        before = process_time()
        with plain.make_app(self.desk.settings) as app:
            for comment_id in ids:
                app.send_task(plain.TASK, (comment_id,))
        return process_time() - before


def run(options: Options) -> Iterator[Result]:
    """Measure both databases; then, for the reader, a large model the plain way."""
    comments = texts.comments(COMMENTS_SHORT if options.short else COMMENTS)
    for kind in KINDS:
        with place(kind) as desk:
            desk.start(*PROGRAMS)
            wait_for_workers(desk)
            drain(desk, comments[:WARM_UP], "warm-up")
            with plain_workers(desk, "tests.bench.plain_compact") as peer:
                peer.drain(comments[:WARM_UP])
                pairs = [_pair(desk, peer, comments, f"run{n}") for n in range(options.runs)]
        yield from _results(kind, len(comments), pairs)
    if importlib.util.find_spec("torch") and importlib.util.find_spec("transformers"):
        yield _bert(options, comments[: 4 if options.short else BERT_COMMENTS])
    else:
        Console(stderr=True).print("!!! PyTorch is not installed: bert-base is skipped. !!!")


@contextmanager
def plain_workers(desk: Installation, module: str) -> Iterator[Plain]:
    """Run two plain workers on the desk's database and Valkey."""
    engine = plain.make_engine(desk.settings.database_url)
    plain.Base.metadata.create_all(engine)
    command = [sys.executable, "-m", "celery", "--app", module, "worker", "--concurrency", "2"]
    with (desk.folder / "plain.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--hostname", "plain@%h", "--loglevel", "WARNING"],
            env=os.environ | environment(desk.settings),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Plain(desk, engine, process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        engine.dispose()


def _pair(desk: Installation, peer: Plain, comments: Sequence[str], prefix: str) -> Pair:
    return Pair(*peer.drain(comments), drain(desk, comments, prefix))


def _results(kind: str, comments: int, pairs: Sequence[Pair]) -> Iterator[Result]:
    yield Result(
        bench=BENCH,
        measure=f"{kind}: comments a second",
        value=median(comments / pair.ours.wall for pair in pairs),
        unit="1/s",
        runs=len(pairs),
        peer=PEER,
        peer_value=median(comments / pair.plain.wall for pair in pairs),
        ratio=median(pair.plain.wall / pair.ours.wall for pair in pairs),
        target=TARGET,
    )
    everything = (WORKERS, VALKEY, SERVER)
    yield _cpu(f"{kind}: CPU per comment, workers", comments, pairs, (WORKERS,))
    yield _cpu(f"{kind}: CPU per comment, with Valkey and database", comments, pairs, everything)
    yield Result(
        bench=BENCH,
        measure=f"{kind}: {PEER}: CPU per comment to send its message, before all that",
        value=median(1000 * pair.enqueued / comments for pair in pairs),
        unit="ms",
        runs=len(pairs),
    )


def _cpu(measure: str, comments: int, pairs: Sequence[Pair], names: tuple[str, ...]) -> Result:
    return Result(
        bench=BENCH,
        measure=measure,
        value=median(1000 * pair.ours.cpu(*names) / comments for pair in pairs),
        unit="ms",
        runs=len(pairs),
        peer=PEER,
        peer_value=median(1000 * pair.plain.cpu(*names) / comments for pair in pairs),
        ratio=median(pair.plain.cpu(*names) / pair.ours.cpu(*names) for pair in pairs),
        target=TARGET,
    )


def _bert(options: Options, comments: list[str]) -> Result:
    with place("SQLite") as desk:
        desk.start(*PROGRAMS)
        wait_for_workers(desk)
        drain(desk, comments, "warm-up")
        with plain_workers(desk, "tests.bench.plain_bert") as peer:
            peer.drain(comments[:4])
            rates = [_bert_rates(desk, peer, comments, f"run{n}") for n in range(options.runs)]
    return Result(
        bench=BENCH,
        measure="for the reader: comments a second, ours with the compact classifier",
        value=median(ours for ours, _ in rates),
        unit="1/s",
        runs=len(rates),
        peer=f"{PEER} with bert-base",
        peer_value=median(bert for _, bert in rates),
        ratio=median(ours / bert for ours, bert in rates),
        note="bert-base with random weights, PyTorch on the CPU, one thread, one comment at a time",
    )


def _bert_rates(
    desk: Installation, peer: Plain, comments: list[str], prefix: str
) -> tuple[float, float]:
    """Return comments a second, ours and the large model's."""
    # Ours would be through in a moment: the same comments several times over.
    often = comments * OURS_FOR_EACH_OF_BERT
    bert = len(comments) / peer.drain(comments)[1].wall
    return len(often) / drain(desk, often, prefix).wall, bert
