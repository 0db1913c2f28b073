"""Words to search for."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from moderation.model.comments import Author, Thread
from moderation.model.ids import CommentId, SiteId
from moderation.model.words import terms_of
from moderation.storage import search

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TOGETHER = 2_000


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "search_entries",
        sa.Column("number", number, nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_search_entries_comment_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_entries")),
    )
    with op.batch_alter_table("search_entries", schema=None) as batch_op:
        batch_op.create_index("ix_search_entries_comment_id", ["comment_id"], unique=True)
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        # Neither texts nor places in them are kept: only which term stands in which comment.
        # The terms are words already, so the tokenizer has only to split at spaces.
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5"
            " (terms, content='', detail='none', columnsize=0, tokenize='ascii')"
        )
    else:
        op.execute(
            "CREATE TABLE search_words (number BIGINT CONSTRAINT pk_search_words PRIMARY KEY"
            " CONSTRAINT fk_search_words_number REFERENCES search_entries ON DELETE CASCADE,"
            " terms TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_words_terms ON search_words USING gin (terms)")
    _fill(connection)


def downgrade() -> None:
    op.execute("DROP TABLE search_words")
    op.drop_table("search_entries")


def _fill(connection: sa.Connection) -> None:
    """Let the comments be found that are there already."""
    c = sa.table(
        "comments",
        sa.column("id", sa.Uuid()),
        sa.column("site_id", sa.Uuid()),
        *(sa.column(name, sa.Text()) for name in ("text", "author_name", "author_id")),
        *(sa.column(f"thread_{name}", sa.Text()) for name in ("title", "id", "url", "section")),
    ).c
    last = None
    while True:
        statement = sa.select(*c).order_by(c.id).limit(TOGETHER)
        rows = connection.execute(statement if last is None else statement.where(c.id > last)).all()
        if not rows:
            break
        search.add_all(connection, [_entry(row) for row in rows])
        last = rows[-1].id


def _entry(row: sa.Row[Any]) -> search.Entry:
    author = Author(id=row.author_id, name=row.author_name)
    thread = Thread(
        id=row.thread_id, url=row.thread_url, title=row.thread_title, section=row.thread_section
    )
    terms = terms_of(row.text, author, thread)
    return search.Entry(CommentId(row.id), SiteId(row.site_id), terms)
