"""All tables in one place, for the migrations and for the tests of the schema."""

from moderation.storage import (
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
    reviews,
    revisions,
    search,
    sessions,
    sites,
    steady_clock,
    suggested_scores,
    team_notes,
    users,
)
from moderation.storage.schema import metadata

__all__ = ["MODULES", "metadata"]

MODULES = (
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
    reviews,
    revisions,
    search,
    sessions,
    sites,
    steady_clock,
    suggested_scores,
    team_notes,
    users,
)
