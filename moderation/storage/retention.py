"""Removing what is finished and old, a chunk at a time, the oldest first; and erasing words.

Ids sort by the time they were made at, so the primary keys serve and no other index is needed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    delete,
    false,
    func,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from moderation.model.bulks import BulkState
from moderation.model.events import DeliveryState
from moderation.model.jobs import JobState
from moderation.model.second_looks import LookState
from moderation.storage.acts import acts
from moderation.storage.appeals import appeals, worded
from moderation.storage.audit_samples import audit_samples
from moderation.storage.bulk_comments import bulk_comments
from moderation.storage.bulks import bulks
from moderation.storage.database import Connection
from moderation.storage.deliveries import attempts, deliveries
from moderation.storage.jobs import jobs
from moderation.storage.reports import personal, reports
from moderation.storage.second_looks import second_looks


@dataclass(frozen=True, slots=True)
class Old:
    """Up to `limit` rows with ids in between, seen at `now`."""

    after: UUID
    before: UUID
    now: datetime
    limit: int

    def choose(self, table: Table) -> Select[Any]:
        """Select their ids, in order."""
        between = (table.c.id > self.after) & (table.c.id < self.before)
        statement = select(table.c.id).where(between).order_by(table.c.id).limit(self.limit)
        # Who is just changing a row has reasons to keep it.
        return statement.with_for_update(skip_locked=True)


def remove_jobs(connection: Connection, old: Old) -> list[UUID]:
    """Remove jobs that are done or cancelled; return their ids in order."""
    chosen = old.choose(jobs).where(jobs.c.state != JobState.QUEUED)
    ids = list(connection.execute(chosen).scalars())
    connection.execute(delete(jobs).where(jobs.c.id.in_(ids)))
    return ids


def remove_deliveries(connection: Connection, old: Old) -> list[UUID]:
    """Remove deliveries that are over, with all attempts at them; return their ids in order."""
    d = deliveries.c
    under_way = (d.state == DeliveryState.QUEUED) | func.coalesce(d.lease_until > old.now, false())
    ids = list(connection.execute(old.choose(deliveries).where(not_(under_way))).scalars())
    connection.execute(delete(attempts).where(attempts.c.delivery_id.in_(ids)))
    connection.execute(delete(deliveries).where(d.id.in_(ids)))
    return ids


def remove_acts(connection: Connection, old: Old) -> list[UUID]:
    """Remove what people can hardly want to take back any more; return the ids in order."""
    ids = list(connection.execute(old.choose(acts)).scalars())
    connection.execute(delete(acts).where(acts.c.id.in_(ids)))
    return ids


def remove_bulks(connection: Connection, previewed: UUID, ended: UUID, most: int) -> int:
    """Remove comments of bulks that are over, and then these; return how many comments.

    Of bulks with ids before `ended`, or before `previewed` where nobody said yes.
    """
    b, c = bulks.c, bulk_comments.c
    only_previewed = (b.state == BulkState.PREVIEWED) & (b.id < previewed)
    over = or_(b.id < ended, only_previewed) & b.turn_at.is_(None)
    chosen = select(b.id).where(over).order_by(b.id).limit(most).with_for_update(skip_locked=True)
    ids = list(connection.execute(chosen).scalars())
    some = select(c.bulk_id, c.position).where(c.bulk_id.in_(ids)).limit(most)
    of_them = delete(bulk_comments).where(tuple_(c.bulk_id, c.position).in_(some))
    removed = connection.execute(of_them).rowcount
    if removed < most:
        connection.execute(delete(bulks).where(b.id.in_(ids)))
    return removed


def remove_second_looks(connection: Connection, old: Old) -> list[UUID]:
    """Remove who judged what once more, once it is over; return their ids in order."""
    chosen = old.choose(second_looks).where(second_looks.c.state != LookState.WAITING)
    ids = list(connection.execute(chosen).scalars())
    connection.execute(delete(second_looks).where(second_looks.c.id.in_(ids)))
    return ids


def remove_samples(connection: Connection, old: Old) -> list[UUID]:
    """Remove samples of the audit, judged or not; return their ids in order."""
    ids = list(connection.execute(old.choose(audit_samples)).scalars())
    connection.execute(delete(audit_samples).where(audit_samples.c.id.in_(ids)))
    return ids


def erase_contacts(connection: Connection, settled: datetime, old: datetime, most: int) -> int:
    """Erase contacts of reports closed before `settled` or sent before `old`; return how many."""
    r = reports.c
    over = or_(r.settled_at < settled, r.reported_at < old)
    chosen = select(r.id).where(personal, r.contact.is_not(None), over).limit(most)
    return _erase(connection, reports, chosen, contact=None)


def erase_report_words(connection: Connection, settled: datetime, old: datetime, most: int) -> int:
    """Erase words of reports closed before `settled`, or open and sent before `old`; how many."""
    r = reports.c
    chosen = select(r.id).where(personal, _over(r.settled_at, r.reported_at, settled, old))
    return _erase(connection, reports, chosen.limit(most), words=None, contact=None)


def erase_appeal_words(connection: Connection, settled: datetime, old: datetime, most: int) -> int:
    """Erase words of appeals closed before `settled`, or open and sent before `old`; how many."""
    a = appeals.c
    chosen = select(a.id).where(worded, _over(a.settled_at, a.appealed_at, settled, old))
    return _erase(connection, appeals, chosen.limit(most), words=None)


def _over(
    settled_at: ColumnElement[Any], sent_at: ColumnElement[Any], settled: datetime, old: datetime
) -> ColumnElement[bool]:
    return or_(settled_at < settled, settled_at.is_(None) & (sent_at < old))


def _erase(connection: Connection, table: Table, chosen: Select[Any], **values: None) -> int:
    # Who changes a complaint just now is waited for by nobody; it is erased the next time.
    ids = list(connection.execute(chosen.with_for_update(skip_locked=True)).scalars())
    connection.execute(update(table).where(table.c.id.in_(ids)).values(**values))
    return len(ids)
