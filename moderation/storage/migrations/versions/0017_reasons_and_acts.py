"""Sites' reasons, messages to authors, skips, escalations, and acts that can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_WAITING = sa.text("state != 'resolved'")
_ESCALATED = sa.text("state != 'resolved' AND escalated_at IS NOT NULL")
_ORDERS = {"ix_reviews_queue": "due_at", "ix_reviews_nearest": "risk"}
_SOUGHT = ("causes", "opened_at", "section", "state")
_STANDING = sa.text("undone_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "site_reasons",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("guideline", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_reasons_site_id")),
        sa.PrimaryKeyConstraint("site_id", "number", name=op.f("pk_site_reasons")),
        sa.UniqueConstraint("site_id", "code", name=op.f("uq_site_reasons_site_id_code")),
    )
    op.add_column("decisions", sa.Column("message_to_author", sa.Text(), nullable=True))
    _drop_orders()
    with op.batch_alter_table("reviews") as reviews:
        reviews.add_column(sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
        reviews.add_column(sa.Column("escalated_by", sa.Uuid(), nullable=True))
        reviews.add_column(sa.Column("escalation_note", sa.Text(), nullable=True))
        reviews.create_foreign_key(
            op.f("fk_reviews_escalated_by"), "users", ["escalated_by"], ["id"]
        )
    _create_orders(*_SOUGHT, "escalated_at")
    op.create_index(
        "ix_reviews_escalated",
        "reviews",
        ["site_id", "due_at", "id"],
        sqlite_where=_ESCALATED,
        postgresql_where=_ESCALATED,
    )
    op.create_table(
        "skips",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_skips_user_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_skips_review_id")),
        sa.PrimaryKeyConstraint("user_id", "review_id", name=op.f("pk_skips")),
    )
    op.create_table(
        "acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('decide', 'skip', 'escalate', 'send-back', 'bulk', 'second-look', 'audit', "
            "'standing')",
            name=op.f("ck_acts_kind"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_acts_user_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name=op.f("fk_acts_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
    )
    op.create_index(
        "ix_acts_standing",
        "acts",
        ["user_id", sa.text("id DESC")],
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )


def downgrade() -> None:
    op.drop_table("acts")
    op.drop_table("skips")
    op.drop_index("ix_reviews_escalated", "reviews")
    _drop_orders()
    with op.batch_alter_table("reviews") as reviews:
        reviews.drop_constraint(op.f("fk_reviews_escalated_by"), type_="foreignkey")
        for column in ("escalation_note", "escalated_by", "escalated_at"):
            reviews.drop_column(column)
    _create_orders(*_SOUGHT)
    op.drop_column("decisions", "message_to_author")
    op.drop_table("site_reasons")


def _drop_orders() -> None:
    for name in _ORDERS:
        op.drop_index(name, "reviews")


def _create_orders(*sought: str) -> None:
    """Index both orders of the queue, with all that filters ask for."""
    for name, order in _ORDERS.items():
        op.create_index(
            name,
            "reviews",
            ["site_id", order, "id", *sought],
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        )
