"""All tables in one place, for the migrations and for the tests of the schema."""

from moderation.storage import (
    appeals,
    audit,
    classifications,
    classifier_versions,
    comments,
    decisions,
    deliveries,
    endpoints,
    events,
    idempotency,
    jobs,
    keys,
    policies,
    reports,
    reviews,
    revisions,
    search,
    sessions,
    sites,
    steady_clock,
    suggested_scores,
    users,
)
from moderation.storage.schema import metadata

__all__ = ["MODULES", "metadata"]

MODULES = (
    appeals,
    audit,
    classifications,
    classifier_versions,
    comments,
    decisions,
    deliveries,
    endpoints,
    events,
    idempotency,
    jobs,
    keys,
    policies,
    reports,
    reviews,
    revisions,
    search,
    sessions,
    sites,
    steady_clock,
    suggested_scores,
    users,
)
