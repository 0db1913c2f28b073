"""Rejecting by itself: how far the labels of a site are from earning it, for who tunes."""

from collections.abc import Mapping

from moderation.model.evidence import Band, Evidence
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.overrides import within
from moderation.model.people import User
from moderation.model.places import Pattern
from moderation.runtime import Runtime
from moderation.services.operating import check_operator
from moderation.services.publishing import history_of, in_force, meant, versions_of
from moderation.services.tuning import Look
from moderation.storage import evidence


def read_evidence(
    runtime: Runtime, user: User, site_id: SiteId, look: Look, pattern: Pattern | None = None
) -> Mapping[Label, Evidence]:
    """Return what people decided from where each label rejects, or else flags.

    Of the draft where there is one, and else of the policy in force; everywhere, or in the places
    that a pattern names. Raises NotFound, Forbidden,
    InvalidInput.
    """
    check_operator(user, site_id)
    with runtime.reading() as connection:
        history = history_of(connection, site_id)
        classifier = meant(versions_of(connection, history), look.classifier)
        policy = in_force(history, classifier).policy
        if look.draft is not None:
            policy = look.draft.apply(policy, classifier)
        counting = policy if pattern is None else within(policy, pattern)
        bands = [
            Band(classifier, label, line, pattern)
            for label, one in counting.thresholds.items()
            if (line := one.lowest if one.reject is None else one.reject) is not None
        ]
        found = evidence.of_bands(connection, site_id, bands)
    return {band.label: one for band, one in found.items()}
