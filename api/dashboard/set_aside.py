"""Putting a comment behind the others, leaving it to operators, and sending it back."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user
from api.dashboard.acting import acted, claimed, refused
from api.dashboard.decide import MAX_NOTE
from api.dashboard.forms import despite, field, number
from api.web import web
from moderation.model.errors import Claimed, StaleReview
from moderation.model.ids import CommentId
from moderation.services import setting_aside


def skip(comment_id: UUID) -> ResponseReturnValue:
    """Put a comment behind the others, for whoever asks."""
    seen = number("seen")
    try:
        act = setting_aside.skip(web().runtime, current_user(), CommentId(comment_id), seen=seen)
    except StaleReview as error:
        return refused(CommentId(comment_id), error)
    return acted(act.id)


def escalate(comment_id: UUID) -> ResponseReturnValue:
    """Leave a comment to operators."""
    try:
        act = setting_aside.escalate(
            web().runtime,
            current_user(),
            CommentId(comment_id),
            seen=number("seen"),
            note=field("note", MAX_NOTE) or None,
            despite=despite(),
        )
    except Claimed as error:
        return claimed(CommentId(comment_id), error)
    except StaleReview as error:
        return refused(CommentId(comment_id), error)
    return acted(act.id)


def send_back(comment_id: UUID) -> ResponseReturnValue:
    """Let everybody decide on a comment again."""
    seen = number("seen")
    try:
        act = setting_aside.send_back(
            web().runtime, current_user(), CommentId(comment_id), seen=seen
        )
    except StaleReview as error:
        return refused(CommentId(comment_id), error)
    return acted(act.id)
