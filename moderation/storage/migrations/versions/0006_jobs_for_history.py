"""Jobs for history: how many are left is counted while workers do them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_RESCORING = sa.text("purpose = 'rescore'")


def upgrade() -> None:
    op.create_index(
        "ix_jobs_history",
        "jobs",
        ["site_id", "classifier", "state"],
        sqlite_where=_RESCORING,
        postgresql_where=_RESCORING,
    )


def downgrade() -> None:
    op.drop_index("ix_jobs_history", "jobs")
