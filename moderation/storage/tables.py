"""All tables in one place, for the migrations and for the tests of the schema."""

from moderation.storage import (
    audit,
    classifications,
    classifier_versions,
    comments,
    coral_phases,
    decisions,
    deliveries,
    endpoints,
    events,
    idempotency,
    jobs,
    keys,
    policies,
    reviews,
    revisions,
    saved_filters,
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
    audit,
    classifications,
    classifier_versions,
    comments,
    coral_phases,
    decisions,
    deliveries,
    endpoints,
    events,
    idempotency,
    jobs,
    keys,
    policies,
    reviews,
    revisions,
    saved_filters,
    search,
    sessions,
    sites,
    steady_clock,
    suggested_scores,
    users,
)
