"""Second looks: people's decisions that others judge once more."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_second_looks_waiting": (["site_id", "id"], "state = 'waiting'"),
    "ix_second_looks_disputed": (["comment_id"], "state = 'disagreed' AND outcome_id IS NULL"),
}
_KEYS = {
    "comment_id": "comments",
    "site_id": "sites",
    "decision_id": "decisions",
    "first_by": "users",
    "second_by": "users",
    "outcome_id": "decisions",
    "held_by": "users",
}


def upgrade() -> None:
    op.create_table(
        "second_looks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("causes", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("first_by", sa.Uuid(), nullable=False),
        sa.Column("first_action", sa.String(length=20), nullable=False),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("second_action", sa.String(length=20), nullable=True),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("outcome_action", sa.String(length=20), nullable=True),
        sa.Column("held_by", sa.Uuid(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'agreed', 'disagreed', 'moot')",
            name=op.f("ck_second_looks_state"),
        ),
        sa.CheckConstraint(
            "first_action IN ('approve', 'flag', 'reject')",
            name=op.f("ck_second_looks_first_action"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_second_looks_{column}")
            )
            for column, table in _KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_looks")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_second_looks_decision_id")),
        sa.UniqueConstraint("outcome_id", name=op.f("uq_second_looks_outcome_id")),
    )
    for name, (columns, condition) in _INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "second_looks", columns, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_second_looks_looked", "second_looks", ["site_id", "looked_at"])
    op.add_column(
        "sites", sa.Column("second_look_share", sa.Float(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("sites", "second_look_share")
    op.drop_table("second_looks")
