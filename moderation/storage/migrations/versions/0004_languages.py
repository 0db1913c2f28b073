"""Languages."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Each has a default of the database, which fills the rows that are there already.
    op.add_column(
        "sites", sa.Column("languages", sa.JSON(), nullable=False, server_default='["en"]')
    )
    op.add_column(
        "policies",
        sa.Column(
            "other_languages", sa.JSON(), nullable=False, server_default='{"action": "flag"}'
        ),
    )
    op.add_column("classifications", sa.Column("language", sa.String(length=35), nullable=True))
    op.add_column(
        "classifications",
        sa.Column("supported", sa.Boolean(), nullable=False, server_default=sa.true()),
    )


def downgrade() -> None:
    op.drop_column("classifications", "supported")
    op.drop_column("classifications", "language")
    op.drop_column("policies", "other_languages")
    op.drop_column("sites", "languages")
