"""Running a bulk, and taking it back: some comments in one transaction, and what became of each.

Whoever dies in the middle of it leaves nothing half done: a decision and the note that it was made
are committed together, and the next turn goes on with what waits.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from moderation.model.bulks import TRIES, UNDER_WAY, Bulk, BulkComment, BulkState, Fate
from moderation.model.errors import Transient
from moderation.model.ids import BulkId
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.applying import Made, tell
from moderation.services.bulk_deciding import Do, Locked, Turn, deciding, undoing
from moderation.services.bulk_ending import close, end
from moderation.storage import bulk_comments, bulks, comments, sites, users
from moderation.storage.database import Connection

log = structlog.get_logger()

CHUNK = 25
"""Comments of one transaction."""

CHUNK_SECONDS = 0.1
"""After so long it ends all the same: on SQLite everybody else waits to write."""


def take_turn(runtime: Runtime) -> bool:
    """Go on with the bulk that waited longest; False where there is none. Raises Transient."""
    trying = _Trying()
    try:
        with runtime.transaction() as connection:
            bulk = bulks.next_turn(connection)
            if bulk is None:
                return False
            trying.bulk_id = bulk.id
            _work(connection, runtime, bulk, trying)
    except Transient:
        raise
    except Exception as error:
        if trying.bulk_id is None:
            raise
        if trying.one is None:
            _go_last(runtime, trying.bulk_id, error)
            raise
        # Nothing of the turn was kept; without the comment that broke it, the next one goes on.
        _leave(runtime, trying.bulk_id, trying.one, error)
    return True


def _go_last(runtime: Runtime, bulk_id: BulkId, error: Exception) -> None:
    """Let the others go first, so that a bulk that breaks its turns holds up none of them.

    One that breaks all of them is given up; and where ending it breaks too, so is its entry.
    """
    with runtime.transaction() as connection:
        bulk = bulks.by_id(connection, bulk_id, lock=True)
        if bulk is None or bulk.state not in UNDER_WAY:
            return
        now, broken = runtime.database_now(connection), bulk.broken_turns + 1
        bulks.change(connection, bulk_id, turn_at=now, broken_turns=broken)
    # Counted for good, whatever becomes of ending it.
    if broken >= TRIES:
        log.error("bulk_given_up", bulk=str(bulk_id), error=type(error).__name__)
        _give_up(runtime, bulk_id, close if broken >= 2 * TRIES else end)


def _give_up(
    runtime: Runtime, bulk_id: BulkId, finish: Callable[[Connection, Bulk, datetime], None]
) -> None:
    with runtime.transaction() as connection:
        bulk = bulks.by_id(connection, bulk_id, lock=True)
        if bulk is None or bulk.state not in UNDER_WAY:
            return
        before, _ = _WORK[bulk.state]
        bulk_comments.settle_all(connection, bulk_id, before, _LEFT[before])
        finish(connection, bulk, runtime.database_now(connection))


def _leave(runtime: Runtime, bulk_id: BulkId, one: BulkComment, error: Exception) -> None:
    ids = {"bulk": str(bulk_id), "comment_id": str(one.comment_id)}
    # Without its words, which may hold the comment.
    log.error("bulk_comment_failed", **ids, error=type(error).__name__)
    with runtime.transaction() as connection:
        # Another worker may have had it meanwhile, or the person stopped it: theirs is what counts.
        bulks.by_id(connection, bulk_id, lock=True)
        bulk_comments.settle(connection, bulk_id, one.fate, [replace(one, fate=_LEFT[one.fate])])


@dataclass(slots=True)
class _Trying:
    """At which comment a turn is, for when that one breaks it."""

    bulk_id: BulkId | None = None
    one: BulkComment | None = None


def _work(connection: Connection, runtime: Runtime, bulk: Bulk, trying: _Trying) -> None:
    fate, prepare = _WORK[bulk.state]
    some = bulk_comments.next_of(connection, bulk.id, fate, CHUNK)
    # In one order for everybody, and all of them before the site's feed.
    locked = comments.lock_all(connection, [one.comment_id for one in some])
    user = _who_may(connection, bulk)
    now, site = runtime.database_now(connection), sites.of(connection, bulk.site_id)
    turn = Turn(connection, bulk, user, now, site)
    do, until = prepare(turn, locked), time.monotonic() + CHUNK_SECONDS
    for one in some:
        trying.one = one
        do(one)
        if time.monotonic() > until:
            break
    trying.one = None
    bulk_comments.settle(connection, bulk.id, fate, turn.settled)
    if len(turn.settled) == len(some) < CHUNK:
        end(connection, bulk, turn.now)
    else:
        bulks.change(connection, bulk.id, turn_at=turn.now, broken_turns=0)
    tell(connection, _trying_each(turn, trying), turn.now)


def _trying_each(turn: Turn, trying: _Trying) -> Iterator[Made]:
    for one, made in turn.made:
        trying.one = one
        yield made
    trying.one = None


def _who_may(connection: Connection, bulk: Bulk) -> User | None:
    user = users.by_id(connection, bulk.user_id)
    may = user is not None and user.disabled_at is None and user.sees(bulk.site_id)
    return user if may else None


_WORK: Mapping[BulkState, tuple[Fate, Callable[[Turn, Locked], Do]]] = {
    BulkState.RUNNING: (Fate.WAITING, deciding),
    BulkState.UNDOING: (Fate.DONE, undoing),
}

_LEFT = {Fate.WAITING: Fate.FAILED, Fate.DONE: Fate.KEPT}
"""What becomes of a comment that breaks its turn, by what its fate was."""
