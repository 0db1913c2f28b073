"""Team notes: written and removed by people at the desk, for each other."""

from collections.abc import Sequence
from typing import Any

from moderation.model.authors import known
from moderation.model.comments import Comment
from moderation.model.errors import Forbidden, InvalidInput, NotFound
from moderation.model.ids import CommentId, SiteId, TeamNoteId, new_uuid
from moderation.model.people import User
from moderation.model.team_notes import About, TeamNote, check_text
from moderation.runtime import Runtime
from moderation.services.access import comment_for
from moderation.storage import audit, surroundings, team_notes
from moderation.storage.database import Connection

LISTED = 50


def add_note(
    runtime: Runtime, user: User, comment_id: CommentId, about: About, text: str
) -> TeamNoteId:
    """Write a note on a comment, or on its author.

    Raises NotFound, Erased, InvalidInput (also where nothing is known of the author).
    """
    text = check_text(text)
    note_id = TeamNoteId(new_uuid())
    with runtime.transaction() as connection:
        # Locked, so that an erasure finds the note or the note finds it erased.
        comment = comment_for(connection, user, comment_id, lock=True)
        now = runtime.database_now(connection)
        site_id, data = comment.site_id, {"note": str(note_id), "about": about}
        values = {"id": note_id, "site_id": site_id, "user_id": user.id, "text": text}
        team_notes.add(connection, values | _on(comment, about) | {"written_at": now})
        audit.add(connection, "team-note-add", now, site_id=site_id, user_id=user.id, data=data)
    return note_id


def remove_note(runtime: Runtime, user: User, note_id: TeamNoteId) -> None:
    """Remove a note of one's own. Raises NotFound, Forbidden (somebody else wrote it)."""
    with runtime.transaction() as connection:
        row = team_notes.by_id(connection, note_id)
        if row is None or not user.sees(row.site_id):
            raise NotFound("There is no such note.")
        if row.user_id != user.id:
            raise Forbidden("A team note is removed by whoever wrote it.")
        team_notes.remove(connection, note_id)
        now = runtime.database_now(connection)
        site_id, data = row.site_id, {"note": str(note_id)}
        audit.add(connection, "team-note-remove", now, site_id=site_id, user_id=user.id, data=data)


def notes_of(connection: Connection, comment: Comment) -> tuple[TeamNote, ...]:
    """Return the newest notes on a comment and its author."""
    author = known(comment.author)
    key = None if author is None else author.key
    return tuple(team_notes.of(connection, comment.site_id, comment.id, key, LISTED))


def count_notes(connection: Connection, found: Sequence[Comment]) -> dict[CommentId, int]:
    """Count the notes on each of several comments and their authors, with one statement."""
    keys = {one.id: _key(one) for one in found}
    authors = {key for key in keys.values() if key is not None}
    on_comments: dict[CommentId, int] = {}
    on_authors: dict[tuple[SiteId, str], int] = {}
    for row in team_notes.counts(connection, list(keys), authors):
        if row.author is None:
            on_comments[row.comment_id] = row.many
        else:
            on_authors[row.site_id, row.author] = row.many
    return {
        one: on_comments.get(one, 0) + (on_authors.get(key, 0) if key else 0)
        for one, key in keys.items()
    }


def forget(connection: Connection, comment: Comment) -> None:
    """Erase the notes on a comment, and those on its author if nothing else of theirs is left."""
    team_notes.forget(connection, comment.id)
    forget_author(connection, comment)


def forget_author(connection: Connection, comment: Comment) -> None:
    """Erase the notes on an author who loses this comment, if it was the last one."""
    author = known(comment.author)
    # Locked before it is asked: of two that erase an author's last comments, the second finds none.
    if author is None or not team_notes.lock_author(connection, comment.site_id, author.key):
        return
    if not surroundings.has_others(connection, comment.site_id, author, comment.id):
        team_notes.forget_author(connection, comment.site_id, author.key)


def _on(comment: Comment, about: About) -> dict[str, Any]:
    if about is About.COMMENT:
        return {"comment_id": comment.id}
    author = known(comment.author)
    if author is None:
        raise InvalidInput("The site said nothing of who wrote this comment.")
    return {"author": author.key}


def _key(comment: Comment) -> tuple[SiteId, str] | None:
    author = known(comment.author)
    return None if author is None else (comment.site_id, author.key)
