"""Reports of readers and appeals of authors, and each site's rules for them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_RULES = {"review_from": "1", "reopen_from": "5", "appeal_days": "180"}


def upgrade() -> None:
    _create_reports()
    _create_appeals()
    for name, default in _RULES.items():
        op.add_column(
            "sites", sa.Column(name, sa.Integer(), nullable=False, server_default=default)
        )
    op.add_column(
        "comments", sa.Column("reported", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("comments", "reported")
    for name in _RULES:
        op.drop_column("sites", name)
    op.drop_table("appeals")
    op.drop_table("reports")


def _create_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("reporter", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("is_notice", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reason IN ('offensive', 'harassment', 'hate', 'violence', 'defamation', 'privacy', "
            "'minors', 'self-harm', 'misinformation', 'copyright', 'scam', 'spam', 'other')",
            name=op.f("ck_reports_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'dismissed', 'moot')", name=op.f("ck_reports_state")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_reports_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_reports_decision_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_reports_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "comment_id",
            "revision",
            "reporter",
            name=op.f("uq_reports_comment_id_revision_reporter"),
        ),
    )
    _index("ix_reports_comment_id_number", "reports", "comment_id", "number", unique=True)
    _index("ix_reports_site_id_reporter", "reports", "site_id", "reporter", "reported_at")
    _index("ix_reports_decision_id", "reports", "decision_id")
    _index("ix_reports_open", "reports", "comment_id", where="state = 'open'")
    personal = "words IS NOT NULL OR contact IS NOT NULL"
    _index("ix_reports_personal", "reports", "comment_id", where=personal)


def _create_appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("own_decision", sa.Boolean(), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'overturned', 'moot')", name=op.f("ck_appeals_state")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_appeals_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_appeals_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["decisions.id"], name=op.f("fk_appeals_outcome_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_appeals_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeals_decision_id")),
        sa.UniqueConstraint("outcome_id", name=op.f("uq_appeals_outcome_id")),
    )
    _index("ix_appeals_comment_id", "appeals", "comment_id")
    _index("uq_appeals_open", "appeals", "comment_id", where="state = 'open'", unique=True)
    _index("ix_appeals_worded", "appeals", "id", where="words IS NOT NULL")


def _index(name: str, table: str, *columns: str, where: str = "", unique: bool = False) -> None:
    condition = sa.text(where) if where else None
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )
