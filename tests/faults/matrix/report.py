"""The report: results as one table, in the terminal and in docs/reliability.md."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich import box
from rich.table import Table

from tests.faults.matrix.kinds import Kind
from tests.faults.matrix.results import Result

DOCS = Path("docs/reliability.md")
BEGIN = "<!-- make faults writes from here -->"
END = "<!-- make faults writes to here -->"

_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "both": "both"}

Row = tuple[str, ...]


def table(results: Sequence[Result]) -> Table:
    """Return the table for a terminal, which is Markdown."""
    heading, *rows = _rows(results)
    made = Table(box=box.MARKDOWN)
    for place, name in enumerate(heading):
        made.add_column(name, justify="right" if place else "left")
    for row in rows:
        made.add_row(*row)
    return made


def write_docs(results: Sequence[Result], page: Path = DOCS) -> None:
    """Put the table between the two marks of the page. Raises ValueError where they are gone."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{page} lacks the marks between which the table stands")
    heading, *rows = _rows(results)
    lines = [heading, ("---", *["---:"] * len(results)), *rows]
    written = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    page.write_text(f"{before}{BEGIN}\n{written}\n{END}{after}")


def _rows(results: Sequence[Result]) -> Iterator[Row]:
    yield ("", *(_NAMES[result.database] for result in results))
    for name, attribute in _COUNTS.items():
        yield (name, *(f"{getattr(result, attribute):,}" for result in results))
    yield (
        "hit in mid-batch, of those that were to",
        *(f"{one.hit_in_mid_batch} of {one.aimed_at_mid_batch}" for one in results),
    )
    for name, attribute in _TIMES.items():
        yield (name, *(_three(result, attribute) for result in results))
    for name, attribute in _SINGLE.items():
        yield (name, *(f"{getattr(result, attribute):g}" for result in results))
    for kind in Kind:
        if any(kind in result.recovery for result in results):
            yield (
                f"recovery, {kind}: median / max, s",
                *(_recovery(result, kind) for result in results),
            )


_COUNTS = {
    "comments accepted": "accepted",
    "of these while recovery was measured": "accepted_for_recovery",
    "faults": "faults",
    "of these each left to heal alone": "faults_for_recovery",
    "**lost**": "lost",
    "**undecided**": "undecided",
    "**decided twice**": "decided_twice",
    "poison comments": "poison",
    "poison quarantined": "poison_quarantined",
    "**innocents quarantined**": "innocents_quarantined",
    "decisions told by webhook": "webhooks",
    "**webhooks lost**": "webhooks_lost",
    "**webhooks under a second id**": "webhooks_duplicated",
    "webhooks repeated under the same id": "webhooks_repeated",
    "sent again by the site": "repeated",
    "of these with another text": "edited",
    "withdrawn": "erased",
    "requests refused or broken off, and sent again": "refused",
    "jobs that needed another attempt": "attempted_again",
    "**answers that break the API's word**": "odd_answers",
    "programs that ended by themselves": "revived",
}
_TIMES = {
    "decision latency p50 / p99 / max, s": "latency",
    "webhook after decision p50 / p99 / max, s": "webhook_lag",
}
_SINGLE = {
    "all decided and told after the last comment, s": "quiet_after_s",
    "length of the load, s": "seconds",
    "new comments a second": "rate",
}


def _three(result: Result, attribute: str) -> str:
    values = (getattr(result, f"{attribute}_{part}_s") for part in ("p50", "p99", "max"))
    return " / ".join("-" if value is None else f"{value:.3g}" for value in values)


def _recovery(result: Result, kind: Kind) -> str:
    found = result.recovery.get(kind)
    return "" if found is None else f"{found['median_s']:.1f} / {found['max_s']:.1f}"
