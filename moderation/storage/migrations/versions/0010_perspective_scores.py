"""Scores that Perspective gave, and for which sites it is asked for them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ATTRIBUTES = (
    "toxicity",
    "severe_toxicity",
    "identity_attack",
    "insult",
    "profanity",
    "threat",
    "sexually_explicit",
    "toxicity_experimental",
    "severe_toxicity_experimental",
    "identity_attack_experimental",
    "insult_experimental",
    "profanity_experimental",
    "threat_experimental",
    "toxicity_fast",
)


def upgrade() -> None:
    op.create_table(
        "perspective_scores",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        *(sa.Column(attribute, sa.Float(), nullable=True) for attribute in ATTRIBUTES),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_perspective_scores_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_perspective_scores_site_id")
        ),
        sa.PrimaryKeyConstraint("comment_id", "revision", name=op.f("pk_perspective_scores")),
    )
    with op.batch_alter_table("perspective_scores", schema=None) as batch_op:
        batch_op.create_index("ix_perspective_scores_site_id_comment_id", ["site_id", "comment_id"])
    op.create_table(
        "perspective_shadows",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("a_second", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen", sa.Uuid(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('on', 'off', 'key-refused', 'gone')",
            name=op.f("ck_perspective_shadows_state"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_perspective_shadows_site_id")
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_perspective_shadows")),
    )


def downgrade() -> None:
    op.drop_table("perspective_shadows")
    op.drop_table("perspective_scores")
