"""Team notes on comments and on authors."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Row,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
)

from moderation.model.ids import CommentId, SiteId, TeamNoteId
from moderation.model.team_notes import About, TeamNote
from moderation.storage.database import Connection
from moderation.storage.schema import id_column, metadata, moment, reference
from moderation.storage.users import users

team_notes = Table(
    "team_notes",
    metadata,
    id_column(),
    reference("site_id", "sites"),
    # On a comment, or on an author by the key of `model.authors`.
    reference("comment_id", "comments", nullable=True),
    Column("author", String(260)),
    reference("user_id", "users"),
    Column("text", Text, nullable=False),
    moment("written_at"),
    CheckConstraint("(comment_id IS NULL) <> (author IS NULL)", name="about"),
    Index("ix_team_notes_comment_id", "comment_id"),
    Index("ix_team_notes_site_id_author", "site_id", "author"),
)

_c = team_notes.c


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert a note."""
    connection.execute(insert(team_notes).values(**values))


def by_id(connection: Connection, note_id: TeamNoteId) -> Row[Any] | None:
    """Return a note as a whole row."""
    return connection.execute(select(team_notes).where(_c.id == note_id)).one_or_none()


def of(
    connection: Connection,
    site_id: SiteId,
    comment_id: CommentId,
    author: str | None,
    limit: int,
) -> list[TeamNote]:
    """Return the newest notes on a comment and on its author, the newest first."""
    statement = select(team_notes, users.c.name.label("user_name")).join(
        users, users.c.id == _c.user_id
    )
    statement = statement.where(or_(*_about(site_id, comment_id, author)))
    rows = connection.execute(statement.order_by(_c.id.desc()).limit(limit))
    return [_to_note(row) for row in rows]


def counts(
    connection: Connection,
    comment_ids: Collection[CommentId],
    authors: Collection[tuple[SiteId, str]],
) -> list[Row[Any]]:
    """Return on what of these comments and authors there are how many notes."""
    # Not as pairs: for those SQLite would read the whole table.
    of_site: defaultdict[SiteId, list[str]] = defaultdict(list)
    for site_id, author in authors:
        of_site[site_id].append(author)
    on = [(_c.site_id == site_id) & _c.author.in_(some) for site_id, some in of_site.items()]
    on_what = (_c.comment_id, _c.site_id, _c.author)
    statement: Select[Any] = select(*on_what, func.count().label("many")).where(
        or_(_c.comment_id.in_(comment_ids), *on)
    )
    return list(connection.execute(statement.group_by(*on_what)))


def remove(connection: Connection, note_id: TeamNoteId) -> None:
    """Delete a note."""
    connection.execute(delete(team_notes).where(_c.id == note_id))


def lock_author(connection: Connection, site_id: SiteId, author: str) -> Sequence[TeamNoteId]:
    """Lock the notes on an author, and return their ids."""
    statement = select(_c.id).where(_c.site_id == site_id, _c.author == author)
    return connection.execute(statement.order_by(_c.id).with_for_update()).scalars().all()


def forget(connection: Connection, comment_id: CommentId) -> None:
    """Delete all notes on a comment."""
    connection.execute(delete(team_notes).where(_c.comment_id == comment_id))


def forget_author(connection: Connection, site_id: SiteId, author: str) -> None:
    """Delete all notes on an author."""
    connection.execute(delete(team_notes).where(_c.site_id == site_id, _c.author == author))


def _about(site_id: SiteId, comment_id: CommentId, author: str | None) -> list[Any]:
    on = [_c.comment_id == comment_id]
    return on if author is None else [*on, (_c.site_id == site_id) & (_c.author == author)]


def _to_note(row: Row[Any]) -> TeamNote:
    return TeamNote(
        id=row.id,
        about=About.COMMENT if row.author is None else About.AUTHOR,
        text=row.text,
        user_id=row.user_id,
        user_name=row.user_name,
        written_at=row.written_at,
    )
