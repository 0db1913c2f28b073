"""Secrets by which Coral signs what it asks."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coral_phases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_coral_phases_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coral_phases")),
        sa.UniqueConstraint("site_id", name=op.f("uq_coral_phases_site_id")),
    )


def downgrade() -> None:
    op.drop_table("coral_phases")
