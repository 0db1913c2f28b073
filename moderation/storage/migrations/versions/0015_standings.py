"""Standings of authors and threads, and the circumstances that a comment was decided in."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_PRESENT = sa.text("replaced_at IS NULL")
_UNUSUAL = sa.text("replaced_at IS NULL AND standing != 'ordinary'")


def upgrade() -> None:
    op.add_column("classifications", sa.Column("circumstances", sa.JSON(), nullable=True))
    op.create_table(
        "standings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=255), nullable=False),
        sa.Column("subject_name", sa.String(length=255), nullable=True),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        _check("subject_kind", "'author', 'thread'"),
        _check("standing", "'ordinary', 'trusted', 'held', 'banned'"),
        _check("source", "'moderator', 'site', 'operator'"),
        _reference("site_id", "sites"),
        _reference("user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standings")),
    )
    op.create_index("ix_standings_site_id_subject_id", "standings", ["site_id", "subject_id"])
    op.create_index(
        "uq_standings_present",
        "standings",
        ["site_id", "subject_id", "subject_kind"],
        unique=True,
        sqlite_where=_PRESENT,
        postgresql_where=_PRESENT,
    )
    op.create_index(
        "ix_standings_unusual",
        "standings",
        ["site_id", "id"],
        sqlite_where=_UNUSUAL,
        postgresql_where=_UNUSUAL,
    )


def downgrade() -> None:
    op.drop_table("standings")
    op.drop_column("classifications", "circumstances")


def _check(column: str, members: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({members})", name=op.f(f"ck_standings_{column}"))


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_standings_{column}"))
