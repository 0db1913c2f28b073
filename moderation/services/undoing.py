"""Undoing: the one way by which people take back what they did at the desk, whatever it was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from moderation.model.acts import Act, ActKind
from moderation.model.errors import Erased, ModerationError, NotFound, TooLateToUndo
from moderation.model.ids import ActId, DecisionId
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.bulks import begin_undoing
from moderation.services.cards import Card, cards_of
from moderation.services.moderating import take_back
from moderation.services.second_looks import look_away
from moderation.services.setting_aside import escalate_again, unescalate, unskip
from moderation.storage import acts, audit, desk
from moderation.storage.database import Connection

Undo = Callable[[Connection, User, Act, datetime], object]
"""Takes an act back; raises TooLateToUndo, Erased or NotFound before it has written anything."""


def _undo_decision(connection: Connection, user: User, act: Act, now: datetime) -> object:
    return take_back(connection, user, DecisionId(act.id), now)


UNDOES: Mapping[ActKind, Undo] = {
    ActKind.DECIDE: _undo_decision,
    ActKind.SKIP: unskip,
    ActKind.ESCALATE: unescalate,
    ActKind.SEND_BACK: escalate_again,
    ActKind.BULK: begin_undoing,
    ActKind.SECOND_LOOK: look_away,
}

WRITTEN_ELSEWHERE = frozenset({ActKind.DECIDE, ActKind.BULK})
"""A decision that is taken back is another decision, and a bulk has an entry once all of it is."""


@dataclass(frozen=True, slots=True)
class Undone:
    """An act that was taken back, or what was in the way."""

    act: Act
    refused: ModerationError | None


@dataclass(frozen=True, slots=True)
class Done:
    """An act, and the comment as it stands now."""

    act: Act
    card: Card


def undo_last(runtime: Runtime, user: User) -> Undone | None:
    """Take back what the person did last and has not taken back.

    What can be taken back no more is passed over from then on. None where they did nothing.
    """
    with runtime.transaction() as connection:
        act = acts.last(connection, user.id)
        if act is None:
            return None
        return _undo(connection, user, act, runtime.database_now(connection))


def undo_act(runtime: Runtime, user: User, act_id: ActId) -> Undone:
    """Take back one thing that the person did. Raises NotFound."""
    with runtime.transaction() as connection:
        act = acts.by_id(connection, act_id)
        if act is None or act.user_id != user.id:
            raise NotFound("There is nothing of the kind to undo.")
        if act.undone_at is not None:
            return Undone(act, TooLateToUndo("That was undone before, or cannot be any more."))
        return _undo(connection, user, act, runtime.database_now(connection))


def done(runtime: Runtime, user: User, act_id: ActId) -> Done | None:
    """Return what a person did to a comment, to show it; None where there is nothing to show.

    A bulk has a page of its own.
    """
    with runtime.reading() as connection:
        act = acts.by_id(connection, act_id)
        if act is None or act.user_id != user.id or act.kind is ActKind.BULK:
            return None
        row = desk.one_with_review(connection, act.comment_id)
        if row is None or not user.sees(row.site_id):
            return None
        return Done(act, cards_of(connection, [row])[0])


def _undo(connection: Connection, user: User, act: Act, now: datetime) -> Undone:
    acts.close(connection, act.id, now)
    closed = replace(act, undone_at=now)
    try:
        UNDOES[act.kind](connection, user, act, now)
    except (TooLateToUndo, Erased, NotFound) as error:
        return Undone(closed, error)
    if act.kind not in WRITTEN_ELSEWHERE:
        what = {"comment": str(act.comment_id), "act": act.kind}
        audit.add(connection, "undo", now, user_id=user.id, data=what)
    return Undone(closed, None)
