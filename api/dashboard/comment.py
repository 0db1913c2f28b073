"""One comment, with all that was ever decided on it."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user
from api.dashboard.languages import told
from api.problems import KINDS
from api.web import web
from moderation.model.errors import Claimed, Conflict
from moderation.model.ids import CommentId
from moderation.services.desk import comment_file


def comment(comment_id: UUID) -> ResponseReturnValue:
    """Show a comment, its decisions and its older texts."""
    return _page(CommentId(comment_id), None)


def changed_comment(comment_id: CommentId, conflict: Conflict) -> ResponseReturnValue:
    """Show a comment that changed before the decision on it, and what happened."""
    return _page(comment_id, told(conflict)), KINDS[type(conflict)].status


def claimed_comment(comment_id: CommentId, claimed: Claimed) -> ResponseReturnValue:
    """Show a comment that a colleague is on, and let the person do what they did all the same."""
    return _page(comment_id, None, claimed), KINDS[Claimed].status


def _page(comment_id: CommentId, conflict: str | None, claimed: Claimed | None = None) -> str:
    file = comment_file(web().runtime, current_user(), comment_id)
    return render_template("dashboard/comment.html", file=file, conflict=conflict, claimed=claimed)
