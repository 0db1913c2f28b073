"""`python -m tests.bench [NAME ...]`: run the benchmarks, print one table, write it as JSON."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from tests.bench import (
    backlog,
    desk,
    detoxify,
    docs,
    drain,
    intake,
    lanes,
    live,
    memory,
    one_task_each,
    outage,
    pages,
    perspective,
    rest,
    simulator,
    size,
    starts,
    webhooks,
)
from tests.bench.circumstances import Circumstances, circumstances
from tests.bench.options import Options
from tests.bench.record import Record, read_record
from tests.bench.results import Result, Target

OUTPUT = Path("var/bench.json")
OUTPUT_SHORT = Path("var/bench-short.json")
"""Apart, so that a look whether it works costs no figures that took hours."""


BENCHES: dict[str, Callable[[Options], Iterator[Result]]] = {
    "drain": drain.run,
    "live": live.run,
    "one_task_each": one_task_each.run,
    "backlog": backlog.run,
    "lanes": lanes.run,
    "intake": intake.run,
    "rest": rest.run,
    "memory": memory.run,
    "size": size.run,
    "starts": starts.run,
    "outage": outage.run,
    "webhooks": webhooks.run,
    "pages": pages.run,
    "desk": desk.run,
    "simulator": simulator.run,
    "perspective": perspective.run,
    "detoxify": detoxify.run,
}


def main() -> int:
    """Run what was asked for; the exit status says whether every target was met."""
    # Asked to end, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    given = parse_arguments()
    if given.write_docs:
        docs.fill(read_record(OUTPUT))
        return 0
    record = read_record(OUTPUT_SHORT if given.short else OUTPUT)
    names = given.names or list(BENCHES)
    measure_all(names, Options(given.runs, given.short), record, resume=given.resume)
    Console(width=200).print(as_table(record.of(names)))
    return int(any(result.met is False for result in record.of(names)))


def measure_all(names: list[str], options: Options, record: Record, *, resume: bool) -> None:
    """Run these benchmarks, when resuming only those that are not there yet."""
    for name in names:
        now = circumstances(options)
        # What was measured otherwise, of other code or elsewhere is no part of this run.
        if not (resume and record.finished.get(name) == now):
            measure(name, options, record, now)


def measure(name: str, options: Options, record: Record, now: Circumstances) -> None:
    """Run one benchmark; where it fails, a row says so, and the others still run."""
    console = Console(stderr=True)
    record.begin(name)
    try:
        with console.status(f"{name} …"):
            for result in BENCHES[name](options):
                console.print(f"{result.bench}: {result.measure}: {result.figure:.4g}")
                record.add(result)
    except Exception as error:  # noqa: BLE001 - whatever it is, the others shall run
        console.print_exception()
        record.add(failure(name, error))
    else:
        record.finish(name, now)


def failure(name: str, error: Exception) -> Result:
    """Return the row of a benchmark that broke off: a target that was missed."""
    said = f"{type(error).__name__}: {error}"
    return Result(name, "broke off", 1, "", runs=1, target=Target(at_most=0), note=said)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}")
    parser.add_argument("--runs", type=int, default=5, help="runs of each measurement")
    parser.add_argument(
        "--short", action="store_true", help=f"small, to see that it works; into {OUTPUT_SHORT}"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="keep the rows of what ran to its end with the same code, options and machine",
    )
    parser.add_argument(
        "--write-docs", action="store_true", help=f"only fill docs/benchmarks.md from {OUTPUT}"
    )
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    return given


def as_table(results: list[Result]) -> Table:
    table = Table(box=box.MARKDOWN)
    for heading in (
        "bench",
        "measure",
        "value",
        "peer",
        "its value",
        "ratio",
        "target",
        "met",
        "note",
    ):
        table.add_column(heading, overflow="fold")
    for result in results:
        table.add_row(*_cells(result))
    return table


def _cells(result: Result) -> Iterator[str]:
    yield result.bench
    yield result.measure
    yield docs.figure(result.value, result.unit)
    yield result.peer or ""
    yield "" if result.peer_value is None else docs.figure(result.peer_value, result.unit)
    yield "" if result.ratio is None else f"{result.ratio:.3g}"
    yield str(result.target or "")
    yield {True: "yes", False: "NO", None: ""}[result.met]
    yield result.note


if __name__ == "__main__":
    sys.exit(main())
