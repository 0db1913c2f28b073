"""Deciding on a comment, and taking it back."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user
from api.dashboard.comment import changed_comment, claimed_comment
from api.dashboard.forms import field, form_identifier, go_back, number
from api.dashboard.words import REJECT_REASONS
from api.web import web
from moderation.model.decisions import Action
from moderation.model.errors import Claimed, InvalidInput, StaleReview, TooLateToUndo
from moderation.model.ids import CommentId, DecisionId, UserId
from moderation.services.desk import comment_of
from moderation.services.moderating import decide_comment
from moderation.services.moderating import undo as undo_decision

MAX_NOTE = 500


def decide(comment_id: UUID) -> ResponseReturnValue:
    """Record what the person decided, or show what happened to the comment meanwhile."""
    despite = form_identifier("despite")
    try:
        decision = decide_comment(
            web().runtime,
            current_user(),
            CommentId(comment_id),
            _action(),
            seen=number("seen"),
            note=_note(),
            despite=None if despite is None else UserId(despite),
        )
    except Claimed as error:
        return claimed_comment(CommentId(comment_id), error)
    except StaleReview as error:
        return changed_comment(CommentId(comment_id), error)
    return go_back(decided=decision.id)


def undo(decision_id: UUID) -> ResponseReturnValue:
    """Take a decision back, or show what happened to the comment meanwhile."""
    runtime, user = web().runtime, current_user()
    try:
        decision = undo_decision(runtime, user, DecisionId(decision_id))
    except (StaleReview, TooLateToUndo) as error:
        comment_id = comment_of(runtime, user, DecisionId(decision_id))
        return changed_comment(comment_id, error)
    return go_back(decided=decision.id)


def _action() -> Action:
    try:
        return Action(field("action"))
    except ValueError:
        raise InvalidInput("The form is incomplete; load the page again.") from None


def _note() -> str | None:
    """Return the chosen reason and the note, joined: the site is told both."""
    reason, note = field("reason"), field("note", MAX_NOTE)
    if reason and reason not in REJECT_REASONS:
        raise InvalidInput("Choose one of the reasons.")
    return ": ".join(part for part in (reason, note) if part) or None
