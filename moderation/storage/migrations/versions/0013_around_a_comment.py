"""What stands around a comment: indexes, team notes, a site's hosts, prints of texts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from moderation.markup import as_read
from moderation.model.comments import Author, Format, Thread
from moderation.model.ids import CommentId, SiteId
from moderation.model.words import terms_of
from moderation.storage import search

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

TOGETHER = 2_000
_AROUND = {
    "thread": ("thread_id", "thread_id IS NOT NULL"),
    "parent": ("parent_external_id", "parent_external_id IS NOT NULL"),
    "author": ("author_id", "author_id IS NOT NULL"),
    "nameless": ("author_name", "author_id IS NULL AND author_name IS NOT NULL"),
}


def upgrade() -> None:
    for name, (column, given) in _AROUND.items():
        where = sa.text(given)
        op.create_index(
            f"ix_comments_{name}",
            "comments",
            ["site_id", column, "id"],
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_table(
        "team_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("author", sa.String(length=260), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(comment_id IS NULL) <> (author IS NULL)", name=op.f("ck_team_notes_about")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_team_notes_site_id")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_team_notes_comment_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_team_notes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_notes")),
    )
    op.create_index("ix_team_notes_comment_id", "team_notes", ["comment_id"])
    op.create_index("ix_team_notes_site_id_author", "team_notes", ["site_id", "author"])
    op.add_column("sites", sa.Column("hosts", sa.JSON(), nullable=False, server_default="[]"))
    _index_anew(op.get_bind())


def downgrade() -> None:
    op.drop_column("sites", "hosts")
    op.drop_table("team_notes")
    for name in _AROUND:
        op.drop_index(f"ix_comments_{name}", "comments")


def _index_anew(connection: sa.Connection) -> None:
    """Write the search index anew: texts now have prints, by which their like is found.

    FTS5 keeps no text and can only forget what it is told exactly, so nothing old may stay.
    PostgreSQL's index is made once all words are there, which takes less time.
    """
    if connection.dialect.name == "sqlite":
        op.execute("INSERT INTO search_words (search_words) VALUES ('delete-all')")
        _write_all(connection)
    else:
        op.execute("DROP INDEX ix_search_words_terms")
        op.execute("TRUNCATE search_words")
        _write_all(connection)
        op.execute("CREATE INDEX ix_search_words_terms ON search_words USING gin (terms)")


def _write_all(connection: sa.Connection) -> None:
    table = sa.table(
        "comments",
        sa.column("id", sa.Uuid()),
        sa.column("site_id", sa.Uuid()),
        *(sa.column(name, sa.Text()) for name in ("text", "format", "author_name", "author_id")),
        *(sa.column(f"thread_{name}", sa.Text()) for name in ("title", "id", "url", "section")),
    )
    c = table.c
    number = search.entries.c.number
    statement = (
        sa.select(*c, number)
        .join_from(search.entries, table, search.entries.c.comment_id == c.id)
        .order_by(number)
        .limit(TOGETHER)
    )
    last = 0
    while rows := connection.execute(statement.where(number > last)).all():
        search.write_all(connection, [(row.number, _entry(row)) for row in rows])
        last = rows[-1].number


def _entry(row: Any) -> search.Entry:  # noqa: ANN401 - a row
    text = None if row.text is None else as_read(row.text, Format(row.format))
    author = Author(id=row.author_id, name=row.author_name)
    thread = Thread(
        id=row.thread_id, url=row.thread_url, title=row.thread_title, section=row.thread_section
    )
    return search.Entry(CommentId(row.id), SiteId(row.site_id), terms_of(text, author, thread))
