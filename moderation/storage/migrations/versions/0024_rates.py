"""Rates: decisions by who made them, in the order of time, for counting."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_decisions_rates_of_automation": (
        ["site_id", "action", "decided_at"],
        "source = 'automation'",
    ),
    "ix_decisions_rates_of_people": (
        ["site_id", "imported", "decided_at"],
        "source != 'automation'",
    ),
}


def upgrade() -> None:
    for name, (columns, condition) in _INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "decisions", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, "decisions")
