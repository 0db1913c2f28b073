"""Ending a bulk: the one entry that says who decided how many, and how they were selected."""

from collections.abc import Mapping
from datetime import datetime

from moderation.model.bulks import Bulk, BulkState, Fate
from moderation.storage import audit, bulk_comments, bulks
from moderation.storage.database import Connection


def end(connection: Connection, bulk: Bulk, now: datetime) -> None:
    """Note that all was done, or undone; what a person wrote is kept by the decisions alone."""
    undone = bulk.state is BulkState.UNDOING
    numbers = _numbers(connection, bulk)
    if bulk.ended_at is None:
        _note_bulk(connection, bulk, numbers, now)
    if undone:
        what = {
            "bulk": str(bulk.id),
            "count": numbers[Fate.UNDONE],
            "kept": numbers[Fate.KEPT],
        }
        _add(connection, "bulk-undo", bulk, what, now)
    close(connection, bulk, now)


def close(connection: Connection, bulk: Bulk, now: datetime) -> None:
    """Take no more turns, without an entry: for where writing it breaks again and again."""
    state = BulkState.UNDONE if bulk.state is BulkState.UNDOING else BulkState.DONE
    bulks.change(connection, bulk.id, state=state, ended_at=now, turn_at=None, said=None)


def _note_bulk(connection: Connection, bulk: Bulk, numbers: dict[Fate, int], now: datetime) -> None:
    decided = numbers[Fate.DONE] + numbers[Fate.UNDONE] + numbers[Fate.KEPT]
    code = None if bulk.said.reason is None else bulk.said.reason.code
    what = {
        "bulk": str(bulk.id),
        "does": bulk.action,
        **({"reason": code} if code else {}),
        "means": bulk.means,
        "selected": dict(bulk.selected),
        "count": decided,
        "left": sum(numbers.values()) - decided,
    }
    _add(connection, "bulk", bulk, what, now)


def _add(
    connection: Connection, action: str, bulk: Bulk, what: Mapping[str, object], now: datetime
) -> None:
    audit.add(connection, action, now, site_id=bulk.site_id, user_id=bulk.user_id, data=what)


def _numbers(connection: Connection, bulk: Bulk) -> dict[Fate, int]:
    numbers = dict.fromkeys(Fate, 0)
    for (fate, _), number in bulk_comments.counts(connection, bulk.id).items():
        numbers[fate] += number
    return numbers
