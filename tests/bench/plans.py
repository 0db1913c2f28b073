"""How the databases find what a page shows: the plans that they choose by themselves."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from moderation.runtime import Runtime
from tests.bench import filling
from tests.bench.browsing import Desk
from tests.statements import heard

PLANS = Path("var/bench-plans.md")
PLANS_SHORT = Path("var/bench-plans-short.md")

PATHS = (
    "/queue",
    "/comments",
    "/comments?status=rejected",
    f"/comments?text={filling.RARE_WORD}",
    f"/comments?text={filling.COMMON_WORD}",
)
MOST_SHOWN = 150
"""Characters of a statement or of a plan's step."""

_BIG = re.compile(rf"\b({'|'.join(filling.COLUMNS)})\b")


def plans(database: str, desk: Desk) -> Iterator[str]:
    """Return lines of Markdown: of each page the statements on big tables, with their plans."""
    yield f"{database}, {desk.count:,} comments:\n"
    for path in PATHS:
        with heard(desk.runtime) as said:
            desk.get(path)
        asked = {one.text: one.values for one in said if one.reads}
        yield f"`{path}`\n"
        for statement, values in asked.items():
            if _BIG.search(statement):
                yield f"    {_shortened(statement)}"
                for step in _plan(desk.runtime, statement, values):
                    yield f"        {_shortened(step)}"
        yield ""


def _plan(runtime: Runtime, statement: str, values: Any) -> Sequence[str]:  # noqa: ANN401 - SQLAlchemy's own
    explain = "EXPLAIN QUERY PLAN" if runtime.database.is_sqlite else "EXPLAIN (COSTS OFF)"
    with runtime.reading() as connection:
        rows = connection.exec_driver_sql(f"{explain} {statement}", values).fetchall()
    return [str(row[-1]) for row in rows]


def _shortened(said: str) -> str:
    """Leave out what is read and the lists of ids; a plan's steps keep their indentation."""
    words = re.sub(r"^SELECT\s.*?\s(?=FROM )", "SELECT … ", said, flags=re.DOTALL)
    words = re.sub(r"IN \((?:[^()]|\([^()]*\))*\)", "IN (…)", words.replace("\n", ""))
    words = re.sub(r"'\{[^}]*\}'", "'{…}'", words)
    return words if len(words) <= MOST_SHOWN else f"{words[:MOST_SHOWN]} …"
