"""Deciding on a comment, and taking a decision back."""

from uuid import UUID

from flask import flash
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user
from api.dashboard.acting import acted, claimed, refused
from api.dashboard.comment import changed_comment
from api.dashboard.complaint_forms import is_alone, seen_reports
from api.dashboard.forms import choice, despite, field, go_back, number, passage
from api.dashboard.words import undone_to
from api.web import web
from moderation.model.decisions import Action
from moderation.model.errors import Claimed, StaleReview, TooLateToUndo
from moderation.model.ids import CommentId, DecisionId
from moderation.model.site_reasons import MAX_MESSAGE
from moderation.model.words_of_decisions import Words
from moderation.services.desk import comment_of
from moderation.services.moderating import decide_comment
from moderation.services.moderating import undo as undo_decision

MAX_NOTE = 500


def decide(comment_id: UUID) -> ResponseReturnValue:
    """Record what the person decided, or show what happened to the comment meanwhile."""
    try:
        decision = decide_comment(
            web().runtime,
            current_user(),
            CommentId(comment_id),
            choice(Action, "action"),
            seen=number("seen"),
            words=words_said(),
            reports=seen_reports(),
            alone=is_alone(),
            despite=despite(),
        )
    except Claimed as error:
        return claimed(CommentId(comment_id), error)
    except StaleReview as error:
        return refused(CommentId(comment_id), error)
    return acted(decision.id)


def undo(decision_id: UUID) -> ResponseReturnValue:
    """Take back one decision, a colleague's too, or show what happened to the comment meanwhile."""
    runtime, user = web().runtime, current_user()
    try:
        decision = undo_decision(runtime, user, DecisionId(decision_id))
    except (StaleReview, TooLateToUndo) as error:
        comment_id = comment_of(runtime, user, DecisionId(decision_id))
        return changed_comment(comment_id, error)
    flash(f"{undone_to(decision.action.status)}.")
    return go_back()


def words_said() -> Words:
    """Return the reason, note and message that a form carries. Raises InvalidInput."""
    return Words(
        reason=field("reason", MAX_NOTE) or None,
        note=field("note", MAX_NOTE) or None,
        message=passage("message", MAX_MESSAGE) or None,
        filled_in_for=field("filled_in_for", MAX_NOTE) or None,
    )
