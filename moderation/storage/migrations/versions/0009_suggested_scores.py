"""Scores that moderators elsewhere suggest, and whether analysed comments enter moderation."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggested_scores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("community", sa.String(length=255), nullable=False),
        sa.Column("client_token", sa.String(length=255), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "label IN ('toxicity', 'severe_toxicity', 'obscene', 'threat', 'insult', "
            "'identity_attack', 'sexual_explicit')",
            name=op.f("ck_suggested_scores_label"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_suggested_scores_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_suggested_scores_comment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggested_scores")),
        sa.UniqueConstraint(
            "site_id",
            "text_digest",
            "client_token",
            "community",
            "label",
            name=op.f("uq_suggested_scores_site_id_text_digest_client_token_community_label"),
        ),
    )
    with op.batch_alter_table("suggested_scores", schema=None) as batch_op:
        batch_op.create_index("ix_suggested_scores_comment_id", ["comment_id"])
    op.add_column(
        "sites",
        sa.Column("moderate_analysed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("sites", "moderate_analysed")
    op.drop_table("suggested_scores")
