"""SQLite's time: one for all processes of a machine, which does not jump.

The time of day can be set, and then leases would end early or hold for hours. So the processes
agree in the database when the machine was started, and count from there on the kernel's own clock,
which nobody can set and which goes on while the machine sleeps.
"""

import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from moderation.model.audits import SampleState
from moderation.model.events import DeliveryState, EventState
from moderation.model.heads import HeadState
from moderation.model.jobs import JobState
from moderation.model.perspective import ShadowState
from moderation.model.reviews import ReviewState
from moderation.model.second_looks import LookState
from moderation.storage.schema import metadata, moment

clock = Table(
    "clock",
    metadata,
    # The kernel's random name for one run of the machine.
    Column("boot", String(64), primary_key=True),
    moment("booted_at"),
)

TOLERANCE = timedelta(seconds=2)
"""Beyond this the time of day was set; what is less, the kernel makes up for bit by bit."""

_BOOTED_AT = select(clock.c.booted_at).where(clock.c.boot == bindparam("boot"))

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

_RUNNING = {
    "jobs": (("created_at", "lease_until"), JobState.QUEUED),
    "deliveries": (("next_attempt_at", "lease_until"), DeliveryState.QUEUED),
    "events": (("publish_at",), EventState.SCHEDULED),
    "endpoints": (("rests_until", "failing_since"), None),
    "reviews": (("opened_at", "due_at", "claimed_at", "claimed_until"), ReviewState.OPEN),
    "skips": (("until",), None),
    "notifications": (("told_until",), None),
    "mails": (("made_at", "next_at"), None),
    "perspective_shadows": (("next_at",), ShadowState.ON),
    "bulks": (("ended_at", "turn_at"), None),
    "second_looks": (("held_until", "chosen_at"), LookState.WAITING),
    "audit_samples": (("held_until", "skipped_until", "sampled_at"), SampleState.OPEN),
    "heads": (("until",), HeadState.ASKED),
}
"""The moments that something waits for, and the state in which it does."""


def now(connection: Connection) -> datetime:
    """Return the time that all processes share.

    Where the kernel tells no such clock (it is Linux that does) it is the time of day.
    """
    since_boot = _since_boot()
    if since_boot is None:
        return datetime.now(UTC)
    return (_booted_at(connection) or _agree(connection)) + since_boot


def step(connection: Connection) -> timedelta:
    """Return how far the time of day was set from the shared time; zero where it was not."""
    booted_at, since_boot = _booted_at(connection), _since_boot()
    if booted_at is None or since_boot is None:
        return timedelta(0)
    found = datetime.now(UTC) - (booted_at + since_boot)
    return found if abs(found) > TOLERANCE else timedelta(0)


def follow(connection: Connection, by: timedelta) -> None:
    """Set the shared time, and with it whatever is waited for.

    What had ten seconds to go still has ten.
    """
    if by and (booted_at := _booted_at(connection)):
        connection.execute(update(clock).values(booted_at=booted_at + by))
        _move_what_waits(connection, by)


def _booted_at(connection: Connection) -> datetime | None:
    return connection.execute(_BOOTED_AT, {"boot": _boot_id()}).scalar_one_or_none()


def _agree(connection: Connection) -> datetime:
    """Say when the machine was started, for everybody if this transaction writes."""
    booted_at = datetime.now(UTC) - (_since_boot() or timedelta(0))
    if _writes(connection):
        connection.execute(delete(clock))
        connection.execute(insert(clock), {"boot": _boot_id(), "booted_at": booted_at})
    return booted_at


def _move_what_waits(connection: Connection, by: timedelta) -> None:
    for name, (columns, state) in _RUNNING.items():
        table = metadata.tables[name]
        moved = {column: _moved(table.c[column], by) for column in columns}
        statement = update(table).values(moved)
        connection.execute(statement if state is None else statement.where(table.c.state == state))


def _moved(column: ColumnElement[datetime], by: timedelta) -> ColumnElement[datetime]:
    # SQLite knows milliseconds; the moments it keeps have six digits.
    seconds = f"{by.total_seconds():+.3f} seconds"
    return func.strftime("%Y-%m-%d %H:%M:%f000", column, seconds, type_=column.type)


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("copydesk_writes"))


def _since_boot() -> timedelta | None:
    if _boot_id() is None:
        return None
    return timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))


@cache
def _boot_id() -> str | None:
    return _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else None
