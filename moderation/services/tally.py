"""Tallies: how many comments wait behind each filter of the queue."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from moderation.model.desk import Filter
from moderation.model.ids import SiteId
from moderation.model.people import User
from moderation.model.reviews import Cause
from moderation.storage import queue
from moderation.storage.database import Connection
from moderation.storage.queue import Part

MOST_TALLIED = 5_000
"""Of so many comments at most is told apart what they wait for: a cost that no flood changes."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many wait in a part of the queue, and how many would with one thing about it changed.

    `complete` says whether all were looked at; else there are at least as many.
    """

    waiting: int
    overdue: int
    mine: int
    everything: int
    causes: Mapping[Cause, int]
    sections: Mapping[str, int]
    complete: bool
    escalated: int | None = None
    """How many wait for operators, up to MOST_TALLIED; None for who is none."""
    opted_out: int = 0
    """How many would wait besides that this person leaves to colleagues."""


def tally(connection: Connection, user: User, site_ids: Collection[SiteId], part: Part) -> Tally:
    """Count what waits by section, cause and age, in one statement, and what was escalated."""
    sought = part.sought
    kept = Filter(author=sought.author, mine=sought.mine, escalated=sought.escalated)
    wider = replace(part, sought=kept, left=None)
    counted = queue.tally(connection, site_ids, wider, MOST_TALLIED)
    rows = [row for row in counted if part.left in {None, bool(row.left)}]
    causes: Counter[Cause] = Counter()
    for row in _passing(rows, replace(sought, cause=None)):
        causes.update(dict.fromkeys(Cause(row.causes), row.number))
    sections: Counter[str] = Counter()
    for row in _passing(rows, replace(sought, section=None)):
        if row.section:
            sections[row.section] += row.number
    escalated = None
    if user.is_operator:
        for_operators = replace(part, sought=Filter(escalated=True), left=None)
        escalated = queue.count(connection, site_ids, for_operators, MOST_TALLIED)
    return Tally(
        waiting=_sum(rows, sought),
        overdue=_sum(rows, replace(sought, overdue=True)),
        mine=len(part.mine),
        everything=_sum(rows, Filter()),
        causes=causes,
        sections=sections,
        complete=_sum(counted, Filter()) < MOST_TALLIED,
        escalated=escalated,
        opted_out=_sum([row for row in counted if row.left and part.left is False], sought),
    )


def _sum(rows: Collection[Any], sought: Filter) -> int:
    return sum(row.number for row in _passing(rows, sought))


def _passing(rows: Collection[Any], sought: Filter) -> list[Any]:
    return [
        row
        for row in rows
        if (sought.section is None or row.section == sought.section)
        and (sought.cause is None or row.causes & sought.cause)
        and (row.overdue or not sought.overdue)
    ]
