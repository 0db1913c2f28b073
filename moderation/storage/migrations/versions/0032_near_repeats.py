"""Near repeats: a second number of each text and a sketch; and since when what waits is open."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

WAITING = sa.text("state != 'resolved'")
PRINTED = sa.text("second_print IS NOT NULL")


def upgrade() -> None:
    # Added, not altered: SQLite would write the table anew.
    for name in ("second_print", "sketch"):
        op.add_column("classifications", sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_classifications_second_print",
        "classifications",
        ["second_print", "id"],
        sqlite_where=PRINTED,
        postgresql_where=PRINTED,
    )
    op.create_index(
        "ix_reviews_opened",
        "reviews",
        ["site_id", "opened_at", "state"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_reviews_opened", "reviews")
    op.drop_index("ix_classifications_second_print", "classifications")
    for name in ("sketch", "second_print"):
        op.drop_column("classifications", name)
