"""Team notes: writing and removing them."""

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user
from api.dashboard.forms import choice, go_back, passage
from api.web import web
from moderation.model.ids import CommentId, TeamNoteId
from moderation.model.team_notes import MAX_LENGTH, About
from moderation.services import team_notes


def add_team_note(comment_id: UUID) -> ResponseReturnValue:
    """Write a note on the comment or on its author."""
    about = choice(About, "about")
    text = passage("text", MAX_LENGTH)
    comment = CommentId(comment_id)
    team_notes.add_note(web().runtime, current_user(), comment, about, text)
    return redirect(url_for("dashboard.comment", comment_id=comment_id, _anchor="team-notes"), 303)


def remove_team_note(note_id: UUID) -> ResponseReturnValue:
    """Remove a note that the person wrote."""
    team_notes.remove_note(web().runtime, current_user(), TeamNoteId(note_id))
    return go_back()
