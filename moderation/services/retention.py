"""Retention: what is finished is kept for a while and then forgotten."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from moderation.model.events import UNDO_SECONDS
from moderation.model.ids import lowest_uuid
from moderation.model.second_looks import WAITS_FOR
from moderation.runtime import Runtime
from moderation.services.idempotency import KEPT as ANSWERS_KEPT
from moderation.services.mailing import GIVE_UP_AFTER
from moderation.storage import idempotency, mails, retention, second_looks, skips, standings
from moderation.storage.database import Connection
from moderation.storage.retention import Old

JOBS_KEPT = timedelta(days=1)
"""Comments keep their decisions; a finished job tells nothing more."""

DELIVERIES_KEPT = timedelta(days=30)
"""Since they were made, so that of one comment's deliveries an older one is never kept longer."""

CONTACTS_KEPT = timedelta(days=180)
"""Where nobody decides; else they go in the hour after the decision."""

COMPLAINTS_KEPT = timedelta(days=180)
"""How long after the decision on them the words of readers and authors can be read."""
UNDECIDED_KEPT = timedelta(days=365)
"""How long they can where nobody decides, as on reports that were too few for the site."""
STANDINGS_KEPT = timedelta(days=90)
"""Since an author or a thread became ordinary again: their ids are personal data."""
ACTS_KEPT = timedelta(days=1)
"""How far back undoing goes by the key alone; a decision's own page goes back any time."""

PREVIEWS_KEPT = timedelta(hours=12)
"""Of bulks that nobody said yes to: a shift."""
BULKS_KEPT = timedelta(days=30)
"""Which comments a bulk was about, and why some were left; the decisions stay."""

LOOKS_KEPT = timedelta(days=400)
SAMPLES_KEPT = LOOKS_KEPT
"""Of second looks and audits: a little longer than people look back; after that, who judged what
concerns nobody."""

CHUNK = 500
"""Rows in one transaction: some hundredths of a second of SQLite's one write lock."""

PAUSE_SECONDS = 0.05
RUN_SECONDS = 300.0
"""After that the rest is left for the next hour."""

_NONE = UUID(int=0)
_Forget = Callable[[Runtime, Connection], int]
"""Forgets up to a chunk of one kind; returns how many that were."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows were removed; attempts go with their deliveries.

    `answers` are those to requests with an Idempotency-Key,
    `standings` counts the authors and threads that are known no more, `bulks` comments in them.
    """

    jobs: int
    deliveries: int
    acts: int
    answers: int = 0
    standings: int = 0
    second_looks: int = 0
    samples: int = 0
    bulks: int = 0


def forget_complaints(runtime: Runtime) -> int:
    """Erase contacts of readers once their report is answered, and later all words of complaints.

    Return how many reports and appeals lost something. Raises StorageUnavailable.
    """
    kinds: dict[str, _Forget] = {
        "contacts": _erase_contacts,
        "reports": _erase_report_words,
        "appeals": _erase_appeal_words,
    }
    return sum(_in_chunks(runtime, kinds).values())


def forget_finished(runtime: Runtime) -> Forgotten:
    """Remove what is finished and old enough, and what is over. Raises StorageUnavailable."""
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        skips.forget_over(connection, now)
        second_looks.give_up(connection, now - WAITS_FOR)
        mails.remove_made_before(connection, now - GIVE_UP_AFTER)
    kinds: dict[str, _Forget] = {
        "jobs": _Oldest(retention.remove_jobs, JOBS_KEPT),
        "deliveries": _Oldest(retention.remove_deliveries, DELIVERIES_KEPT),
        "acts": _Oldest(retention.remove_acts, ACTS_KEPT),
        "answers": _forget_answers,
        "second_looks": _Oldest(retention.remove_second_looks, LOOKS_KEPT),
        "samples": _Oldest(retention.remove_samples, SAMPLES_KEPT),
        "standings": _forget_standings,
        "bulks": _forget_bulks,
    }
    return Forgotten(**_in_chunks(runtime, kinds))


def _in_chunks(runtime: Runtime, kinds: Mapping[str, _Forget]) -> dict[str, int]:
    """Forget a chunk of each kind in turn, until nothing is left or the time is over.

    So a kind with much to forget keeps no other waiting.
    """
    ends_at = time.monotonic() + RUN_SECONDS
    counts, left = dict.fromkeys(kinds, 0), set(kinds)
    while left and time.monotonic() < ends_at:
        for kind in sorted(left):
            with runtime.transaction() as connection:
                forgotten = kinds[kind](runtime, connection)
            counts[kind] += forgotten
            if forgotten < CHUNK:
                left.remove(kind)
            else:
                # Others want SQLite's one write lock too.
                time.sleep(PAUSE_SECONDS)
    return counts


@dataclass(slots=True)
class _Oldest:
    """Removes rows in the order of their ids, and passes over those that stay once only."""

    remove: Callable[[Connection, Old], list[UUID]]
    kept: timedelta
    last: UUID = _NONE

    def __call__(self, runtime: Runtime, connection: Connection) -> int:
        now = runtime.database_now(connection)
        old = Old(self.last, lowest_uuid(now - self.kept), now, CHUNK)
        removed = self.remove(connection, old)
        self.last = removed[-1] if removed else self.last
        return len(removed)


def _forget_answers(runtime: Runtime, connection: Connection) -> int:
    now = runtime.database_now(connection)
    return idempotency.remove_older(connection, now - ANSWERS_KEPT, CHUNK)


def _forget_standings(runtime: Runtime, connection: Connection) -> int:
    # A standing that is just being set stays.
    now = runtime.database_now(connection, standings.EXCLUSIVE)
    return standings.forget_over(connection, now - STANDINGS_KEPT, CHUNK)


def _forget_bulks(runtime: Runtime, connection: Connection) -> int:
    now = runtime.database_now(connection)
    previewed, ended = (lowest_uuid(now - kept) for kept in (PREVIEWS_KEPT, BULKS_KEPT))
    return retention.remove_bulks(connection, previewed, ended, CHUNK)


def _erase_contacts(runtime: Runtime, connection: Connection) -> int:
    now = runtime.database_now(connection)
    undone_by = now - timedelta(seconds=UNDO_SECONDS)
    return retention.erase_contacts(connection, undone_by, now - CONTACTS_KEPT, CHUNK)


def _erase_report_words(runtime: Runtime, connection: Connection) -> int:
    now = runtime.database_now(connection)
    settled, old = now - COMPLAINTS_KEPT, now - UNDECIDED_KEPT
    return retention.erase_report_words(connection, settled, old, CHUNK)


def _erase_appeal_words(runtime: Runtime, connection: Connection) -> int:
    now = runtime.database_now(connection)
    settled, old = now - COMPLAINTS_KEPT, now - UNDECIDED_KEPT
    return retention.erase_appeal_words(connection, settled, old, CHUNK)
