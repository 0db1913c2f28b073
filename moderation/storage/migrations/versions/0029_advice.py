"""An index of when the share of the audit was changed, however long the log is."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("action = 'site-audit'")
    op.create_index(
        "ix_audit_share", "audit", ["site_id"], sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    op.drop_index("ix_audit_share", "audit")
