"""The audit: what automation approved, and people judge without knowing that."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_KEYS = {
    "comment_id": "comments",
    "site_id": "sites",
    "decision_id": "decisions",
    "judged_by": "users",
    "outcome_id": "decisions",
    "held_by": "users",
    "skipped_by": "users",
}


def upgrade() -> None:
    op.create_table(
        "audit_samples",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("turn", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("blind", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("judged_by", sa.Uuid(), nullable=True),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("held_by", sa.Uuid(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skipped_by", sa.Uuid(), nullable=True),
        sa.Column("skipped_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sampled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'kept', 'missed', 'moot')", name=op.f("ck_audit_samples_state")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_audit_samples_{column}")
            )
            for column, table in _KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_samples")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_audit_samples_decision_id")),
        sa.UniqueConstraint("outcome_id", name=op.f("uq_audit_samples_outcome_id")),
    )
    is_open = sa.text("state = 'open'")
    for name, columns in (
        ("ix_audit_samples_open", ["site_id", "sampled_at"]),
        ("uq_audit_samples_open", ["comment_id"]),
    ):
        op.create_index(
            name,
            "audit_samples",
            columns,
            unique=name.startswith("uq"),
            sqlite_where=is_open,
            postgresql_where=is_open,
        )
    op.create_index("ix_audit_samples_sampled", "audit_samples", ["site_id", "sampled_at"])
    op.add_column(
        "sites", sa.Column("audit_share", sa.Float(), server_default="0.01", nullable=False)
    )
    op.add_column("sites", sa.Column("approvals_a_day", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("sites", "approvals_a_day")
    op.drop_column("sites", "audit_share")
    op.drop_table("audit_samples")
