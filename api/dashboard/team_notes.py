"""Team notes: writing and removing them."""

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user
from api.dashboard.forms import field, go_back, passage
from api.web import web
from moderation.model.errors import InvalidInput
from moderation.model.ids import CommentId, TeamNoteId
from moderation.model.team_notes import MAX_LENGTH, About
from moderation.services import team_notes


def add_team_note(comment_id: UUID) -> ResponseReturnValue:
    """Write a note on the comment or on its author."""
    about = field("about")
    if about not in set(About):
        raise InvalidInput("The form is incomplete; load the page again.")
    text = passage("text", MAX_LENGTH)
    comment = CommentId(comment_id)
    team_notes.add_note(web().runtime, current_user(), comment, About(about), text)
    return redirect(url_for("dashboard.comment", comment_id=comment_id, _anchor="team-notes"), 303)


def remove_team_note(note_id: UUID) -> ResponseReturnValue:
    """Remove a note that the person wrote."""
    team_notes.remove_note(web().runtime, current_user(), TeamNoteId(note_id))
    return go_back()
