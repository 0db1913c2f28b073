"""Heads: what sites learn from their moderators, and its score beside those of the classifier."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_ON = sa.text("on_at IS NOT NULL AND off_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "heads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("classifier", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Integer(), nullable=True),
        sa.Column("rejected", sa.Integer(), nullable=True),
        sa.Column("first_written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("trial", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("weights", sa.LargeBinary(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("on_by", sa.Uuid(), nullable=True),
        sa.Column("on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filled_before", sa.Uuid(), nullable=True),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'trained', 'failed')", name=op.f("ck_heads_state")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_heads_site_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_heads_asked_by")),
        sa.ForeignKeyConstraint(["on_by"], ["users.id"], name=op.f("fk_heads_on_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heads")),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_heads_site_id_number")),
    )
    op.create_index(
        "uq_heads_on", "heads", ["site_id"], unique=True, sqlite_where=_ON, postgresql_where=_ON
    )
    op.add_column("classifications", sa.Column("unwanted", sa.Float(), nullable=True))
    op.add_column("classifications", sa.Column("head", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("classifications", "head")
    op.drop_column("classifications", "unwanted")
    op.drop_index("uq_heads_on", "heads")
    op.drop_table("heads")
