"""Rules of policies: what is counted of comments, and limits and word lists."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MEASURES = ("links", "length", "pace", "approvals", "repeats")
SUMMARY = ["site_id", "judged_for", "written_at", "highest", "unscored"]
PRINTED = sa.text("print IS NOT NULL")


def upgrade() -> None:
    # Added, not altered: SQLite would write the tables anew.
    op.add_column("policies", sa.Column("limits", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column(
        "policies", sa.Column("word_lists", sa.JSON(), nullable=False, server_default="[]")
    )
    for name in MEASURES:
        op.add_column("classifications", sa.Column(name, sa.SmallInteger(), nullable=True))
    op.add_column("classifications", sa.Column("print", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_classifications_print",
        "classifications",
        ["print", "id"],
        sqlite_where=PRINTED,
        postgresql_where=PRINTED,
    )
    _summarise_by([*SUMMARY, *MEASURES])


def downgrade() -> None:
    _summarise_by(SUMMARY)
    op.drop_index("ix_classifications_print", "classifications")
    for name in ("print", *reversed(MEASURES)):
        op.drop_column("classifications", name)
    for name in ("word_lists", "limits"):
        op.drop_column("policies", name)


def _summarise_by(columns: list[str]) -> None:
    op.drop_index("ix_classifications_simulation", "classifications")
    op.create_index("ix_classifications_simulation", "classifications", columns)
