"""Running a bulk, and taking it back: some comments in one transaction, and what became of each.

Whoever dies in the middle of it leaves nothing half done: a decision and the note that it was made
are committed together, and the next turn goes on with what waits.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog

from moderation.model.acts import Act, ActKind
from moderation.model.bulks import UNDER_WAY, Bulk, BulkAction, BulkComment, BulkState, Fate
from moderation.model.comments import Comment
from moderation.model.decisions import Action, Reason, ReasonKind
from moderation.model.errors import Conflict, Erased, Forbidden, NotFound, Transient
from moderation.model.ids import ActId, BulkId, CommentId, new_uuid
from moderation.model.people import User
from moderation.model.reports import SeenReports
from moderation.model.reviews import Cause
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services import complaints
from moderation.services.applying import Made, apply, tell
from moderation.services.bulk_ending import end
from moderation.services.bulk_previewing import Asking, asking
from moderation.services.moderating import new_decision, reverse
from moderation.services.setting_aside import leave_to_operators, unescalate
from moderation.storage import bulk_comments, bulks, candidates, comments, reviews, sites, users
from moderation.storage.claims import Taker
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
            _go_last(runtime, trying.bulk_id)
            raise
        # Nothing of the turn was kept; without the comment that broke it, the next one goes on.
        _give_up(runtime, trying.bulk_id, trying.one, error)
    return True


def _go_last(runtime: Runtime, bulk_id: BulkId) -> None:
    """Let the others go first, so that a bulk that breaks its turns holds up none of them."""
    with runtime.transaction() as connection:
        bulk = bulks.by_id(connection, bulk_id, lock=True)
        if bulk is not None and bulk.state in UNDER_WAY:
            bulks.change(connection, bulk_id, turn_at=runtime.database_now(connection))


def _give_up(runtime: Runtime, bulk_id: BulkId, one: BulkComment, error: Exception) -> None:
    ids = {"bulk": str(bulk_id), "comment_id": str(one.comment_id)}
    # Without its words, which may hold the comment.
    log.error("bulk_comment_failed", **ids, error=type(error).__name__)
    with runtime.transaction() as connection:
        # Another worker may have had it meanwhile, or the person stopped it: theirs is what counts.
        bulks.by_id(connection, bulk_id, lock=True)
        fate = Fate.KEPT if one.fate is Fate.DONE else Fate.FAILED
        bulk_comments.settle(connection, bulk_id, one.fate, [replace(one, fate=fate)])


@dataclass(slots=True)
class _Trying:
    """At which comment a turn is, for when that one breaks it."""

    bulk_id: BulkId | None = None
    one: BulkComment | None = None


@dataclass(slots=True)
class _Turn:
    """One turn of a bulk: whose it is, if they may still, and what was done in it so far."""

    connection: Connection
    bulk: Bulk
    user: User | None
    now: datetime
    site: Site
    made: list[tuple[BulkComment, Made]] = field(default_factory=list)
    settled: list[BulkComment] = field(default_factory=list)

    def settle(self, one: BulkComment, fate: Fate) -> None:
        self.settled.append(replace(one, fate=fate))


Locked = Mapping[CommentId, Comment]
_Do = Callable[[BulkComment], None]


def _work(connection: Connection, runtime: Runtime, bulk: Bulk, trying: _Trying) -> None:
    fate, prepare = _WORK[bulk.state]
    some = bulk_comments.next_of(connection, bulk.id, fate, CHUNK)
    # In one order for everybody, and all of them before the site's feed.
    locked = comments.lock_all(connection, [one.comment_id for one in some])
    user = _who_may(connection, bulk)
    now, site = runtime.database_now(connection), sites.of(connection, bulk.site_id)
    turn = _Turn(connection, bulk, user, now, site)
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
        bulks.change(connection, bulk.id, turn_at=turn.now)
    tell(connection, _trying_each(turn, trying), turn.now)


def _trying_each(turn: _Turn, trying: _Trying) -> Iterator[Made]:
    for trying.one, made in turn.made:
        yield made
    trying.one = None


def _who_may(connection: Connection, bulk: Bulk) -> User | None:
    user = users.by_id(connection, bulk.user_id)
    may = user is not None and user.disabled_at is None and user.sees(bulk.site_id)
    return user if may else None


def _deciding(turn: _Turn, locked: Locked) -> _Do:
    connection, user = turn.connection, turn.user
    if user is None:
        return lambda one: turn.settle(one, Fate.NOT_ALLOWED)
    ids = list(locked)
    taker = Taker(user.id, turn.now)
    rows = {row.comment_id: row for row in candidates.among(connection, ids, taker)}
    asked = asking(connection, user, turn.bulk.site_id, ids)

    def decide(one: BulkComment) -> None:
        fate = _fate_now(turn.bulk, one, rows.get(one.comment_id), asked)
        if fate is not Fate.WAITING:
            turn.settle(one, fate)
        elif turn.bulk.action is BulkAction.ESCALATE:
            review = reviews.of_waiting(connection, one.comment_id)
            leave_to_operators(connection, user, review, turn.bulk.said.note, turn.now)
            turn.settle(replace(one, done_at=turn.now), Fate.DONE)
        else:
            _decide(turn, user, one, locked[one.comment_id])

    return decide


def _fate_now(bulk: Bulk, one: BulkComment, row: Any, asked: Asking) -> Fate:  # noqa: ANN401 - a row, or None
    """Say whether a comment stands as it was previewed, or what happened to it since."""
    if row is None or (row.sequence, row.review_id) != (one.seen, one.review_id):
        return Fate.CHANGED
    fate = asked.fate_of(row)
    if fate is not Fate.WAITING:
        return fate
    if row.escalated_at is not None and bulk.action is BulkAction.ESCALATE:
        return Fate.ESCALATED
    if row.escalated_at != one.escalated_at:
        return Fate.CHANGED if row.escalated_at is None else Fate.ESCALATED
    return Fate.WAITING


def _decide(turn: _Turn, user: User, one: BulkComment, comment: Comment) -> None:
    connection, site, said, now = turn.connection, turn.site, turn.bulk.said, turn.now
    action = Action(turn.bulk.action or BulkAction.APPROVE)
    # What waits for an appeal has another fate: none is looked for.
    beside = complaints.before_decision(
        connection, site, comment, user, action, waits_for=Cause(0), alone=False
    )
    why = said.reason or Reason(ReasonKind.MODERATOR)
    new = new_decision(user, action, beside, why, said.message)
    decision = apply(connection, new, one.seen, now)
    complaints.settle(connection, beside, decision, SeenReports(one.reports_seen), now)
    # Not drawn for a second look: one look at the whole says little of how each was judged.
    turn.made.append((one, Made(new, decision.id)))
    turn.settle(replace(one, decision_id=decision.id, done_at=now), Fate.DONE)


def _undoing(turn: _Turn, _locked: Locked) -> _Do:
    user = turn.user
    if user is None:
        return lambda one: turn.settle(one, Fate.KEPT)

    def undo(one: BulkComment) -> None:
        try:
            if one.decision_id is None:
                unescalate(turn.connection, user, _escalation(turn.bulk, user, one), turn.now)
            else:
                _, made = reverse(turn.connection, user, one.decision_id, turn.now)
                turn.made.append((one, made))
        except (Conflict, Erased, Forbidden, NotFound):
            # Said before anything was written.
            turn.settle(one, Fate.KEPT)
        else:
            turn.settle(one, Fate.UNDONE)

    return undo


def _escalation(bulk: Bulk, user: User, one: BulkComment) -> Act:
    """Return the act that it would have been for one comment alone."""
    at = one.done_at or bulk.created_at
    data = {"review": str(one.review_id)}
    return Act(ActId(new_uuid()), user.id, ActKind.ESCALATE, one.comment_id, at, data=data)


_WORK: Mapping[BulkState, tuple[Fate, Callable[[_Turn, Locked], _Do]]] = {
    BulkState.RUNNING: (Fate.WAITING, _deciding),
    BulkState.UNDOING: (Fate.DONE, _undoing),
}
