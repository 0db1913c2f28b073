"""What a turn of a bulk does with each of its comments: decide on it, or take that back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from moderation.model.bulks import Bulk, BulkAction, BulkComment, Fate
from moderation.model.comments import Comment
from moderation.model.decisions import Action, Reason, ReasonKind
from moderation.model.errors import Conflict, Forbidden, NotFound
from moderation.model.ids import CommentId
from moderation.model.people import User
from moderation.model.reports import SeenReports
from moderation.model.sites import Site
from moderation.services import complaints
from moderation.services.applying import Made, apply
from moderation.services.bulk_previewing import Asking, asking
from moderation.services.moderating import made_by_person, new_decision, reverse
from moderation.services.setting_aside import leave_to_operators, take_escalation_back
from moderation.storage import candidates
from moderation.storage.claims import Taker
from moderation.storage.database import Connection

Locked = Mapping[CommentId, Comment]
Do = Callable[[BulkComment], None]
"""Does what a turn is for to one comment of it, and settles that."""


@dataclass(slots=True)
class Turn:
    """One turn of a bulk: whose it is, if they may still, and what was done in it so far."""

    connection: Connection
    bulk: Bulk
    user: User | None
    now: datetime
    site: Site
    made: list[tuple[BulkComment, Made]] = field(default_factory=list)
    settled: list[BulkComment] = field(default_factory=list)

    def settle(self, one: BulkComment, fate: Fate) -> None:
        """Note what became of a comment."""
        self.settled.append(replace(one, fate=fate))


def deciding(turn: Turn, locked: Locked) -> Do:
    """Return what decides on a comment as the bulk says, if it stands as it was previewed."""
    connection, user = turn.connection, turn.user
    if user is None:
        return lambda one: turn.settle(one, Fate.NOT_ALLOWED)
    ids = list(locked)
    taker = Taker(user.id, turn.now)
    rows = {row.comment_id: row for row in candidates.among(connection, ids, taker)}
    asked = asking(connection, user, turn.bulk.site_id, ids)
    # What is appealed against is left, so whatever is decided has no appeal.
    beside = complaints.beside_unappealed(connection, turn.site, list(locked.values()))

    def decide(one: BulkComment) -> None:
        comment_id, row = one.comment_id, rows.get(one.comment_id)
        fate = _fate_now(turn.bulk, one, row, asked)
        if row is None or fate is not Fate.WAITING:
            turn.settle(one, fate)
        elif turn.bulk.action is BulkAction.ESCALATE:
            note, at = turn.bulk.said.note, turn.now
            leave_to_operators(connection, user, comment_id, row.review_id, note=note, at=at)
            turn.settle(replace(one, done_at=turn.now), Fate.DONE)
        else:
            _decide(turn, user, one, beside[comment_id])

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


def _decide(turn: Turn, user: User, one: BulkComment, beside: complaints.Beside) -> None:
    connection, said, now = turn.connection, turn.bulk.said, turn.now
    action = Action(turn.bulk.action or BulkAction.APPROVE)
    why = said.reason or Reason(ReasonKind.MODERATOR)
    new = new_decision(user, action, beside, why, said.message)
    decision = apply(connection, new, one.seen, now)
    complaints.settle(connection, beside, decision, SeenReports(one.reports_seen), now)
    # Not drawn for a second look: one look at the whole says little of how each was judged.
    turn.made.append((one, Made(new, decision.id)))
    turn.settle(replace(one, decision_id=decision.id, done_at=now), Fate.DONE)


def undoing(turn: Turn, locked: Locked) -> Do:
    """Return what takes back what was done to a comment, if nobody changed it since."""
    connection, user, now = turn.connection, turn.user, turn.now
    if user is None:
        return lambda one: turn.settle(one, Fate.KEPT)

    def undo(one: BulkComment) -> None:
        try:
            if one.decision_id is None:
                escalation = one.comment_id, one.review_id, one.done_at
                take_escalation_back(connection, user, *escalation)
            else:
                undone = made_by_person(connection, one.decision_id)
                _, made = reverse(connection, user, undone, locked[one.comment_id], now)
                turn.made.append((one, made))
        except (Conflict, Forbidden, NotFound):
            # Said before anything was written.
            turn.settle(one, Fate.KEPT)
        else:
            turn.settle(one, Fate.UNDONE)

    return undo
