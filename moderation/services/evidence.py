"""Evidence: rejecting by itself is earned, label by label, by what people decided."""

from moderation.model.evidence import not_earned, to_be_earned
from moderation.model.ids import SiteId
from moderation.model.policy import Policy
from moderation.storage import evidence
from moderation.storage.database import Connection


def check_evidence(
    connection: Connection, site_id: SiteId, policy: Policy, in_force: Policy
) -> None:
    """Raise InvalidInput where a policy would reject by itself what people hardly looked at."""
    found = evidence.of_bands(connection, site_id, to_be_earned(policy, in_force))
    if error := not_earned(found.values()):
        raise error
