"""Marks, and the jobs that look for them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("classifications", sa.Column("marks", sa.JSON(), nullable=True))
    _check(
        lane="lane IN ('live', 'bulk', 'explain')",
        purpose="purpose IN ('decide', 'explain', 'shadow', 'rescore')",
    )


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE purpose = 'explain'")
    _check(lane="lane IN ('live', 'bulk')", purpose="purpose IN ('decide', 'shadow', 'rescore')")
    op.drop_column("classifications", "marks")


def _check(**words: str) -> None:
    with op.batch_alter_table("jobs") as jobs:
        for column, check in words.items():
            jobs.drop_constraint(op.f(f"ck_jobs_{column}"), type_="check")
            jobs.create_check_constraint(op.f(f"ck_jobs_{column}"), check)
