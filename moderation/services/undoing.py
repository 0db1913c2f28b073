"""Undoing: the one way by which people take back what they did at the desk, whatever it was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from moderation.model.acts import Act, ActKind
from moderation.model.comments import Comment
from moderation.model.decisions import Decision
from moderation.model.errors import Conflict, Erased, ModerationError, NotFound, TooLateToUndo
from moderation.model.ids import ActId, DecisionId, StandingId
from moderation.model.people import User
from moderation.model.standings import StandingChange
from moderation.runtime import Runtime
from moderation.services import auditing, standings
from moderation.services.bulks import begin_undoing
from moderation.services.moderating import take_back
from moderation.services.second_looks import look_away
from moderation.services.setting_aside import escalate_again, unescalate
from moderation.storage import acts, audit, comments, decisions
from moderation.storage import standings as stored_standings
from moderation.storage.database import AdvisoryLock, Connection

Undo = Callable[[Connection, User, Act, datetime], object]
"""Takes an act back; raises Conflict, Erased or NotFound before it has written anything."""


def _undo_standing(connection: Connection, user: User, act: Act, now: datetime) -> object:
    return standings.take_back(connection, user, StandingId(act.id), now)


def _undo_decision(connection: Connection, user: User, act: Act, now: datetime) -> object:
    return take_back(connection, user, DecisionId(act.id), now)


@dataclass(frozen=True, slots=True)
class Way:
    """How one kind of act is taken back, and what else goes with that.

    `audited` says that its undoing is audited here, and has no entries of its own; `shown_here`
    that the act itself is shown as one, and not on a page of its own or as what it set; `blind`
    that whoever did it is not to see what others decided; `behind` what it waits for before it
    looks at the time.
    """

    undo: Undo
    audited: bool = False
    shown_here: bool = True
    blind: bool = False
    behind: AdvisoryLock | None = None


UNDOES: Mapping[ActKind, Way] = {
    ActKind.DECIDE: Way(_undo_decision),
    ActKind.SKIP: Way(auditing.unskip, audited=True),
    ActKind.ESCALATE: Way(unescalate, audited=True),
    ActKind.SEND_BACK: Way(escalate_again, audited=True),
    ActKind.BULK: Way(begin_undoing, shown_here=False),
    ActKind.SECOND_LOOK: Way(look_away, audited=True, blind=True),
    ActKind.AUDIT: Way(auditing.take_back, audited=True),
    ActKind.STANDING: Way(_undo_standing, shown_here=False, behind=stored_standings.EXCLUSIVE),
}


@dataclass(frozen=True, slots=True)
class Undone:
    """An act that was taken back, or what was in the way; `standing` is what stands again."""

    act: Act
    refused: ModerationError | None
    standing: StandingChange | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An act, the comment as it stands now, and for a decision that decision."""

    act: Act
    comment: Comment
    made: Decision | None = None

    @property
    def is_blind(self) -> bool:
        """Say whether whoever did it is not to see what others decided."""
        return UNDOES[self.act.kind].blind

    @property
    def can_be_undone(self) -> bool:
        """Say whether it can still be taken back, as far as can be seen."""
        last = self.made is None or self.made.sequence == self.comment.sequence
        return self.act.undone_at is None and last


def undo_last(runtime: Runtime, user: User) -> Undone | None:
    """Take back what the person did last and has not taken back.

    What can be taken back no more is passed over from then on. None where they did nothing.
    """
    with runtime.transaction() as connection:
        act = acts.last(connection, user.id)
        if act is None:
            return None
        return _undo(connection, user, act, _now(runtime, connection, act))


def undo_act(runtime: Runtime, user: User, act_id: ActId) -> Undone:
    """Take back one thing that the person did. Raises NotFound."""
    with runtime.transaction() as connection:
        act = acts.by_id(connection, act_id)
        if act is None or act.user_id != user.id:
            raise NotFound("There is nothing of the kind to undo.")
        if act.undone_at is not None:
            return Undone(act, TooLateToUndo("That was undone before, or cannot be any more."))
        return _undo(connection, user, act, _now(runtime, connection, act))


def done(runtime: Runtime, user: User, act_id: ActId) -> Done | None:
    """Return what a person did to a comment, to show it; None where there is nothing to show.

    What they set of its author or thread is shown as the standing that it is, and a bulk on a page
    of its own.
    """
    with runtime.reading() as connection:
        act = acts.by_id(connection, act_id)
        if act is None or act.user_id != user.id or not UNDOES[act.kind].shown_here:
            return None
        comment = comments.by_id(connection, act.comment_id) if act.comment_id else None
        if comment is None or not user.sees(comment.site_id):
            return None
        decides = act.kind is ActKind.DECIDE
        made = decisions.by_id(connection, DecisionId(act.id)) if decides else None
        return Done(act, comment, made)


def _now(runtime: Runtime, connection: Connection, act: Act) -> datetime:
    """Return the time, once nobody else changes what is undone."""
    return runtime.database_now(connection, UNDOES[act.kind].behind)


def _undo(connection: Connection, user: User, act: Act, now: datetime) -> Undone:
    acts.close(connection, act.id, now)
    closed, way = replace(act, undone_at=now), UNDOES[act.kind]
    try:
        made = way.undo(connection, user, act, now)
    except (Conflict, Erased, NotFound) as error:
        return Undone(closed, error)
    if act.comment_id is not None and way.audited:
        site_id = comments.site_of(connection, act.comment_id)
        what = {"comment": str(act.comment_id), "act": act.kind}
        audit.add(connection, "undo", now, site_id=site_id, user_id=user.id, data=what)
    return Undone(closed, None, made if isinstance(made, StandingChange) else None)
