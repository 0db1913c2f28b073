"""The tables of docs/benchmarks.md, each between `<!-- NAME -->` and `<!-- /NAME -->`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.bench.circumstances import Circumstances
from tests.bench.outage import PICTURE
from tests.bench.plans import PLANS
from tests.bench.record import Record
from tests.bench.results import Result

PAGE = Path("docs/benchmarks.md")
MACHINE = "machine"
PLANS_OF_PAGES = "plans"

_HEADINGS = ("measure", "value", "peer", "ratio", "target", "met", "runs", "")


def fill(record: Record) -> None:
    """Write the tables of what ran to its end, and on which machine; the rest of the page stays."""
    page = PAGE.read_text()
    for bench in record.finished:
        page = replace(page, bench, "\n".join([*table(record.of([bench])), *_picture(bench)]))
    if PLANS.exists():
        page = replace(page, PLANS_OF_PAGES, PLANS.read_text().strip())
    PAGE.write_text(replace(page, MACHINE, "\n".join(machine(record.finished))))


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


def machine(finished: Mapping[str, Circumstances]) -> Iterator[str]:
    """Return the lines that say where this was measured, and when it was not all in one place."""
    places = list(dict.fromkeys(finished.values()))
    for place in places:
        if len(places) > 1:
            benches = ", ".join(f"`{bench}`" for bench in finished if finished[bench] == place)
            yield f"{benches}:\n"
        yield from place.lines()
        yield ""


def _picture(bench: str) -> Iterator[str]:
    if bench == "outage" and PICTURE.exists():
        where = PICTURE.relative_to(PAGE.parent)
        yield f"\n![Time to decision and comments that wait, through the outage]({where})"


def _cells(result: Result) -> Iterator[str]:
    yield result.measure
    yield figure(result.value, result.unit)
    peer = result.peer_value
    yield "" if peer is None else f"{figure(peer, result.unit)} ({result.peer})"
    yield "" if result.ratio is None else f"{result.ratio:.2f}"
    yield str(result.target or "")
    yield {True: "yes", False: "**no**", None: ""}[result.met]
    yield str(result.runs)
    yield result.note


def figure(value: float, unit: str) -> str:
    """Return a number with as many digits as mean something."""
    digits = 2 if 0 < abs(value) < 1 else max(0, 2 - len(str(int(abs(value)))))
    return f"{value:,.{digits}f} {unit}".rstrip()
