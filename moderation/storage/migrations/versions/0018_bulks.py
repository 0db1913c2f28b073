"""Bulks: many comments decided by one act."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_HAS_TURNS = sa.text("turn_at IS NOT NULL")
_FATES = (
    "'waiting', 'done', 'undone', 'changed', 'claimed', 'escalated', 'appealed', 'disputed', "
    "'elsewhere', 'not-allowed', 'failed', 'stopped', 'kept'"
)


def upgrade() -> None:
    op.create_table(
        "bulks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("means", sa.String(length=20), nullable=False),
        sa.Column("selected", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=True),
        sa.Column("said", sa.JSON(), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broken_turns", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "means IN ('hand', 'author', 'text', 'band')", name=op.f("ck_bulks_means")
        ),
        sa.CheckConstraint(
            "state IN ('previewed', 'running', 'done', 'undoing', 'undone')",
            name=op.f("ck_bulks_state"),
        ),
        sa.CheckConstraint(
            "action IN ('approve', 'reject', 'escalate')", name=op.f("ck_bulks_action")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bulks_user_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_bulks_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulks")),
    )
    op.create_index(
        "ix_bulks_turn_at",
        "bulks",
        ["turn_at"],
        sqlite_where=_HAS_TURNS,
        postgresql_where=_HAS_TURNS,
    )
    op.create_table(
        "bulk_comments",
        sa.Column("bulk_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reports_seen", sa.Integer(), nullable=False),
        sa.Column("previewed", sa.Boolean(), nullable=False),
        sa.Column("fate", sa.String(length=20), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"fate IN ({_FATES})", name=op.f("ck_bulk_comments_fate")),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulks.id"], name=op.f("fk_bulk_comments_bulk_id")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_bulk_comments_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_bulk_comments_review_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_bulk_comments_decision_id")
        ),
        sa.PrimaryKeyConstraint("bulk_id", "position", name=op.f("pk_bulk_comments")),
        sa.UniqueConstraint(
            "bulk_id", "comment_id", name=op.f("uq_bulk_comments_bulk_id_comment_id")
        ),
    )
    op.create_index(
        "ix_bulk_comments_bulk_id_fate_position",
        "bulk_comments",
        ["bulk_id", "fate", "position"],
    )
    op.create_index("ix_bulk_comments_comment_id", "bulk_comments", ["comment_id"])


def downgrade() -> None:
    op.drop_table("bulk_comments")
    op.drop_table("bulks")
