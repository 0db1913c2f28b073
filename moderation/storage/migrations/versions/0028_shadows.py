"""Shadows: policies that judge beside what decides, and the jobs of another classifier."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_KEYS = {"site_id": "sites", "started_by": "users", "ended_by": "users"}


def upgrade() -> None:
    op.create_table(
        "shadows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("classifier", sa.String(length=100), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promoted", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_shadows_{column}"))
            for column, table in _KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadows")),
    )
    runs = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_shadows_running",
        "shadows",
        ["site_id"],
        unique=True,
        sqlite_where=runs,
        postgresql_where=runs,
    )
    op.create_index("ix_shadows_site_id_id", "shadows", ["site_id", "id"])
    of_it = sa.text("purpose = 'shadow'")
    op.create_index(
        "ix_jobs_shadow",
        "jobs",
        ["site_id", "classifier", "state"],
        sqlite_where=of_it,
        postgresql_where=of_it,
    )


def downgrade() -> None:
    op.drop_index("ix_jobs_shadow", "jobs")
    op.drop_table("shadows")
