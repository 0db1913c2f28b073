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
    docs,
    drain,
    intake,
    lanes,
    live,
    memory,
    one_task_each,
    outage,
    pages,
    rest,
    starts,
)
from tests.bench.options import Options
from tests.bench.results import Result, read, write

OUTPUT = Path("var/bench.json")
FINISHED = Path("var/bench.finished")
"""The names of the benchmarks that ran to their end, one a line: what `--resume` leaves out."""


BENCHES: dict[str, Callable[[Options], Iterator[Result]]] = {
    "drain": drain.run,
    "live": live.run,
    "one_task_each": one_task_each.run,
    "backlog": backlog.run,
    "lanes": lanes.run,
    "intake": intake.run,
    "rest": rest.run,
    "memory": memory.run,
    "starts": starts.run,
    "outage": outage.run,
    "pages": pages.run,
}


def main() -> int:
    """Run what was asked for; the exit status says whether every target was met."""
    # Asked to end, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    given = parse_arguments()
    if given.write_docs:
        docs.fill(read(OUTPUT))
        return 0
    finished = FINISHED.read_text().split() if given.resume and FINISHED.exists() else []
    results = [result for result in read(OUTPUT) if result.bench in finished]
    for name in given.names or BENCHES:
        if name not in finished:
            measure(name, Options(given.runs, given.short), results)
            finished.append(name)
            FINISHED.write_text("".join(f"{one}\n" for one in finished))
    Console(width=200).print(as_table(results))
    return int(any(result.met is False for result in results))


def measure(name: str, options: Options, results: list[Result]) -> None:
    """Run one benchmark; its rows come behind those that are there already."""
    console = Console(stderr=True)
    with console.status(f"{name} …"):
        for result in BENCHES[name](options):
            console.print(f"{result.bench}: {result.measure}: {result.figure:.4g}")
            results.append(result)
            # After every row: what a long run measured can be seen before its end.
            write(results, OUTPUT)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}")
    parser.add_argument("--runs", type=int, default=5, help="runs of each measurement")
    parser.add_argument("--short", action="store_true", help="small, to see that it works")
    parser.add_argument(
        "--resume", action="store_true", help="keep the rows of what ran to its end, do the rest"
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
    for heading in ("bench", "measure", "value", "peer", "its value", "ratio", "target", "met"):
        table.add_column(heading, overflow="fold")
    for result in results:
        table.add_row(*_cells(result))
    return table


def _cells(result: Result) -> Iterator[str]:
    yield result.bench
    yield result.measure
    yield f"{result.value:.4g} {result.unit}"
    yield result.peer or ""
    yield "" if result.peer_value is None else f"{result.peer_value:.4g} {result.unit}"
    yield "" if result.ratio is None else f"{result.ratio:.3g}"
    yield str(result.target or "")
    yield {True: "yes", False: "NO", None: ""}[result.met]


if __name__ == "__main__":
    sys.exit(main())
