"""Simulation: by what comments are counted without reading each row, and people's decisions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

LABELS = (
    "toxicity",
    "severe_toxicity",
    "obscene",
    "threat",
    "insult",
    "identity_attack",
    "sexual_explicit",
)
BY_PEOPLE = sa.text("source != 'automation'")

classifications = sa.table(
    "classifications",
    sa.column("id", sa.Uuid()),
    sa.column("comment_id", sa.Uuid()),
    sa.column("classifier", sa.String()),
    sa.column("failure", sa.Text()),
    sa.column("readable", sa.Boolean()),
    sa.column("supported", sa.Boolean()),
    sa.column("circumstances", sa.JSON()),
    sa.column("judged_for", sa.String()),
    sa.column("written_at", sa.DateTime()),
    sa.column("highest", sa.Float()),
    sa.column("unscored", sa.Integer()),
    *(sa.column(label, sa.Float()) for label in LABELS),
)
comments = sa.table(
    "comments",
    sa.column("id", sa.Uuid()),
    sa.column("created_at", sa.DateTime()),
    sa.column("received_at", sa.DateTime()),
)
decisions = sa.table(
    "decisions",
    sa.column("comment_id", sa.Uuid()),
    sa.column("site_id", sa.Uuid()),
    sa.column("classification_id", sa.Uuid()),
    sa.column("source", sa.String()),
    sa.column("policy_version", sa.Integer()),
)
policies = sa.table(
    "policies",
    sa.column("site_id", sa.Uuid()),
    sa.column("version", sa.Integer()),
    sa.column("classifier", sa.String()),
    sa.column("other_languages", sa.JSON()),
)


def upgrade() -> None:
    # Added, not altered: SQLite would write the table anew, and look up each row's decisions for it.
    for column in (
        sa.Column("judged_for", sa.String(length=100), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("highest", sa.Float(), nullable=False, server_default="1"),
        sa.Column("unscored", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("classifications", column)
    _summarise()
    op.create_index(
        "ix_classifications_simulation",
        "classifications",
        ["site_id", "judged_for", "written_at", "highest", "unscored"],
    )
    op.create_index(
        "ix_decisions_by_people",
        "decisions",
        ["site_id", "id"],
        sqlite_where=BY_PEOPLE,
        postgresql_where=BY_PEOPLE,
    )


def downgrade() -> None:
    op.drop_index("ix_decisions_by_people", "decisions")
    op.drop_index("ix_classifications_simulation", "classifications")
    for name in ("unscored", "highest", "written_at", "judged_for"):
        op.drop_column("classifications", name)


def _summarise() -> None:
    """Write each row once: there is one for every comment that was ever judged."""
    d = classifications.c
    finite = {label: d[label].between(-1e308, 1e308) for label in LABELS}
    scores = [sa.case((finite[label], d[label]), else_=0.0) for label in LABELS]
    greatest = sa.func.max if op.get_bind().dialect.name == "sqlite" else sa.func.greatest
    judged_for = _judged_for()
    by_scores_alone = sa.and_(
        d.failure.is_(None),
        d.readable,
        d.supported,
        sa.cast(d.circumstances, sa.Text()).is_(None),
        judged_for == d.classifier,
    )
    written_at = sa.func.coalesce(comments.c.created_at, comments.c.received_at)
    # With the eighth, which migration 0030 adds and nothing has scored: written once.
    unscored: Any = sum(
        (sa.case((finite[label], 0), else_=1 << place) for place, label in enumerate(LABELS)),
        start=sa.literal(1 << len(LABELS)),
    )
    op.execute(
        classifications.update().values(
            judged_for=judged_for,
            written_at=sa.select(written_at).where(comments.c.id == d.comment_id).scalar_subquery(),
            highest=sa.case((by_scores_alone, greatest(*scores)), else_=1.0),
            unscored=unscored,
        )
    )


def _judged_for() -> Any:  # noqa: ANN401 - an expression
    """Return whose policy judged a row: that of another classifier where it was routed there."""
    d, p = classifications.c, policies.c
    route = p.other_languages["classifier"].as_string()
    routes = sa.select(sa.func.count()).select_from(policies).where(route.is_not(None))
    if not op.get_bind().execute(routes).scalar_one():
        return d.classifier
    by = (
        sa.select(sa.func.min(p.classifier))
        .join_from(
            decisions,
            policies,
            (p.site_id == decisions.c.site_id) & (p.version == decisions.c.policy_version),
        )
        .where(
            decisions.c.comment_id == d.comment_id,
            decisions.c.classification_id == d.id,
            decisions.c.source == "automation",
            route == d.classifier,
        )
    )
    return sa.func.coalesce(by.scalar_subquery(), d.classifier)
