"""Jobs by purpose: what is to be decided goes first in its lane."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_FRESH = sa.text("state = 'queued' AND attempts = 0")


def upgrade() -> None:
    _index("lane", "purpose", "created_at")


def downgrade() -> None:
    _index("lane", "created_at")


def _index(*columns: str) -> None:
    op.drop_index("ix_jobs_fresh", "jobs")
    op.create_index("ix_jobs_fresh", "jobs", columns, sqlite_where=_FRESH, postgresql_where=_FRESH)
