"""Thresholds of a classifier version: what is looked up by it, and which one decides."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_policies_site_id_classifier_version", "policies", ["site_id", "classifier", "version"]
    )
    op.drop_index("ix_classifications_site_id_purpose_id", "classifications")
    op.create_index(
        "ix_classifications_site_id_classifier_id",
        "classifications",
        ["site_id", "classifier", "id"],
    )
    with op.batch_alter_table("classifier_versions") as versions:
        versions.alter_column("last_seen_at", new_column_name="started_at", nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM classifier_versions WHERE started_at IS NULL")
    with op.batch_alter_table("classifier_versions") as versions:
        versions.alter_column("started_at", new_column_name="last_seen_at", nullable=False)
    op.drop_index("ix_classifications_site_id_classifier_id", "classifications")
    op.create_index(
        "ix_classifications_site_id_purpose_id", "classifications", ["site_id", "purpose", "id"]
    )
    op.drop_index("ix_policies_site_id_classifier_version", "policies")
