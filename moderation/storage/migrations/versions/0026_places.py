"""Places: thresholds of their own for sections and threads, and where each comment stood."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None

classifications = sa.table(
    "classifications",
    sa.column("comment_id", sa.Uuid()),
    sa.column("revision", sa.Integer()),
    sa.column("section", sa.String()),
    sa.column("thread", sa.String()),
)
comments = sa.table(
    "comments",
    sa.column("id", sa.Uuid()),
    sa.column("revision", sa.Integer()),
    sa.column("thread_section", sa.String()),
    sa.column("thread_id", sa.String()),
)


def upgrade() -> None:
    op.add_column(
        "policies", sa.Column("overrides", sa.JSON(), nullable=False, server_default="[]")
    )
    for name in ("section", "thread"):
        op.add_column("classifications", sa.Column(name, sa.String(length=255), nullable=True))
    _place()


def downgrade() -> None:
    for name in ("thread", "section"):
        op.drop_column("classifications", name)
    op.drop_column("policies", "overrides")


def _place() -> None:
    """Write where comments stand beside what was said of their present text.

    Of texts that were replaced nobody knows where they stood.
    """
    small = op.create_table(
        "small_names",
        sa.Column("name", sa.String(length=255), primary_key=True),
        sa.Column("small", sa.String(length=255), nullable=False),
        prefixes=["TEMPORARY"],
    )
    names = sa.union(sa.select(comments.c.thread_section), sa.select(comments.c.thread_id))
    found = [name for name in op.get_bind().execute(names).scalars() if name]
    op.bulk_insert(
        small, [{"name": one, "small": _small(one)} for one in found if _small(one) != one]
    )
    section, thread = small.alias("section"), small.alias("thread")
    c, d = comments.c, classifications.c
    placed = (
        sa.select(
            *(c.id, c.revision),
            sa.func.nullif(sa.func.coalesce(section.c.small, c.thread_section), "").label(
                "section"
            ),
            sa.func.nullif(sa.func.coalesce(thread.c.small, c.thread_id), "").label("thread"),
        )
        .outerjoin(section, section.c.name == c.thread_section)
        .outerjoin(thread, thread.c.name == c.thread_id)
        .where(c.thread_section.is_not(None) | c.thread_id.is_not(None))
        .subquery()
    )
    op.execute(
        classifications.update()
        .values(section=placed.c.section, thread=placed.c.thread)
        .where(d.comment_id == placed.c.id, d.revision == placed.c.revision)
    )
    op.drop_table("small_names")


def _small(name: str) -> str:
    """Make capitals small, letter by letter, as places were folded when this was written."""
    return "".join(
        next(one for one in (letter.casefold(), letter.lower(), letter) if len(one) == 1)
        for letter in name.strip()
    )
