"""`make faults`: kill, freeze and duplicate while comments come in, then count what was lost."""

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tests.faults.matrix.build import commit
from tests.faults.matrix.plan import FULL, RECOVERY, SHORT, Plan
from tests.faults.matrix.report import table, write_docs
from tests.faults.matrix.results import Result, together, with_recovery, write
from tests.faults.matrix.run import DATABASES, run

OUTPUT = Path("var/faults.json")
KEPT = Path("var/faults")

_errors = Console(stderr=True)


def main() -> int:
    """Run what was asked for; the exit status says whether every promise was kept."""
    given = _arguments()
    if given.write_docs:
        return _write_docs()
    results: list[Result] = []
    for database in DATABASES if given.database == "both" else (given.database,):
        result = part(given, database, _label(given), _plan(given))
        if not (given.short or given.calm):
            result = with_recovery(result, part(given, database, "recovery-", RECOVERY))
        results.append(result)
        rows = [*results, together(results)] if len(results) > 1 else results
        write(rows, OUTPUT)
    Console(width=160).print(table(rows))
    return int(not all(result.kept for result in results))


def part(given: argparse.Namespace, database: str, label: str, plan: Plan) -> Result:
    """Run one part, unless its result of the same build was kept."""
    kept, build = KEPT / f"{label}{database}.json", commit()
    if not (given.resume and build and _build_of(kept) == build):
        _run(database, plan, kept, build)
    return Result.read(kept)


def _build_of(kept: Path) -> str | None:
    return json.loads(kept.read_text()).get("commit") if kept.exists() else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.matrix", description=__doc__)
    parser.add_argument("database", nargs="?", choices=[*DATABASES, "both"], default="both")
    parser.add_argument(
        "--short", action="store_true", help="every kind of fault once, in a minute"
    )
    parser.add_argument("--resume", action="store_true", help="keep what this build has done")
    parser.add_argument("--calm", action="store_true", help="no faults: what the load alone costs")
    parser.add_argument("--rate", type=float, help="new comments a second")
    parser.add_argument("--seconds", type=float, help="how long the load goes on at least")
    parser.add_argument(
        "--write-docs", action="store_true", help="only put the last table into the docs"
    )
    return parser.parse_args()


def _plan(given: argparse.Namespace) -> Plan:
    plan = SHORT if given.short else FULL
    if given.calm:
        plan = replace(plan, counts={})
    if given.rate or given.seconds:
        rate, seconds = given.rate or plan.rate, given.seconds or plan.seconds
        plan = replace(plan, rate=rate, seconds=seconds, comments=int(rate * seconds))
    return plan


def _label(given: argparse.Namespace) -> str:
    """Tell runs apart, so that `--resume` takes up none of another kind."""
    words = [word for word in ("short", "calm") if getattr(given, word)]
    words += [f"{value:g}" for value in (given.rate, given.seconds) if value]
    return "".join(f"{word}-" for word in words)


def _run(database: str, plan: Plan, kept: Path, build: str) -> None:
    total = sum(plan.counts.values())
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
    )
    with Progress(*columns, TimeElapsedColumn(), console=_errors) as progress:
        bar = progress.add_task(kept.stem, total=total)
        done = iter(range(total + 2))

        def told(what: str) -> None:
            progress.update(
                bar, description=f"{kept.stem}: {what}", completed=max(0, next(done, total + 1) - 1)
            )

        outcome = run(database, plan, told, KEPT / f"logs-{kept.stem}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(asdict(outcome.result) | {"commit": build}))
    kept.with_name(f"series-{kept.name}").write_text(json.dumps(outcome.series))
    for what, names in (outcome.broken | {"ended by themselves": outcome.revived}).items():
        _errors.print(f"{kept.stem}: {what}: {', '.join(names) or 'none'}", markup=False)


def _write_docs() -> int:
    rows = [Result(**json.loads(line)) for line in OUTPUT.read_text().splitlines()]
    write_docs(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
