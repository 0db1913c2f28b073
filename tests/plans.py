"""How a database means to run the statements of a page, and which whole tables it would read."""

import re
from collections.abc import Callable
from typing import TypeVar

from moderation.runtime import Runtime
from moderation.storage.tables import metadata
from tests.statements import heard

Asked = TypeVar("Asked")

SMALL = {
    *("sites", "site_reasons", "policies", "classifier_versions", "endpoints", "keys"),
    *("users", "memberships", "sessions", "password_links", "saved_filters"),
    *("clock", "coral_phases", "perspective_shadows", "shadows"),
}
"""Those that have rows for people and settings; all others grow with the comments."""
BIG = {*metadata.tables, "search_words"} - SMALL
OF_WHAT_WAITS = (
    *(
        "ix_reviews_queue",
        "ix_reviews_nearest",
        "ix_reviews_opened",
        "ix_reviews_author",
        "uq_reviews_waiting",
    ),
    *("ix_jobs_fresh", "ix_jobs_started", "ix_reports_open", "uq_appeals_open"),
)
"""Partial indexes: however long the history is, they hold what waits now and nothing else."""


def scans(runtime: Runtime, page: Callable[[Asked], None], of: Asked) -> list[str]:
    """Return each step that reads a whole big table, with its statement."""
    return [
        f"{step.strip()}: {statement}"
        for statement, steps in plans(runtime, page, of).items()
        for step in steps
        if _scanned(step) & BIG
    ]


def _scanned(step: str) -> set[str]:
    """Return the tables that a step reads from end to end, in SQLite's words or PostgreSQL's."""
    if any(index in step for index in OF_WHAT_WAITS):
        return set()
    return set(re.findall(r"(?:Seq Scan on|^SCAN) (\w+)(?! VIRTUAL)", step))


def plans(runtime: Runtime, page: Callable[[Asked], None], of: Asked) -> dict[str, list[str]]:
    with heard(runtime) as said:
        page(of)
    asked = {one.text: one.values for one in said if one.reads}
    with runtime.reading() as connection:
        explain = "EXPLAIN QUERY PLAN"
        if not runtime.database.is_sqlite:
            explain = "EXPLAIN"
            # Most reviews of so short a history still wait, so reading all would be right here.
            # Without this, reading a whole table would still be chosen where nothing else is left.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        found = {}
        for statement, values in asked.items():
            rows = connection.exec_driver_sql(f"{explain} {statement}", values).fetchall()
            found[" ".join(statement.split())] = [str(row[-1]) for row in rows]
        return found
