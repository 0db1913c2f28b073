"""Caps: how much scores reject in an hour at a site, when that was reached, and who was told."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sites", sa.Column("rejections_an_hour", sa.Integer(), server_default="60", nullable=False)
    )
    for name in ("capped_at", "cap_told_at"):
        op.add_column("sites", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("cap_told_at", "capped_at", "rejections_an_hour"):
        op.drop_column("sites", name)
