"""Scopes of keys: those that there are were made to send comments."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("keys") as table:
        table.add_column(
            sa.Column("scope", sa.String(length=20), server_default="comments", nullable=False)
        )
        table.create_check_constraint(op.f("ck_keys_scope"), "scope IN ('comments', 'policy')")


def downgrade() -> None:
    with op.batch_alter_table("keys") as table:
        table.drop_constraint(op.f("ck_keys_scope"), type_="check")
        table.drop_column("scope")
