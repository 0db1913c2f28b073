"""Capping: how much scores and rules reject in an hour at a site; beyond it people decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from moderation.model.ids import SiteId
from moderation.model.policy import Policy
from moderation.model.sites import Site
from moderation.model.verdicts import Verdict, decide
from moderation.services.keeping import Scored
from moderation.storage import rejections, sites
from moderation.storage.database import Connection

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Judged:
    """An outcome with the policy that judges it."""

    scored: Scored
    policy: Policy

    @property
    def verdict(self) -> Verdict:
        """What the policy says of it."""
        return decide(self.scored.outcome.facts, self.policy)

    @property
    def counts_for_cap(self) -> bool:
        """Say whether it is one of those that a site's cap limits."""
        return self.policy.rejects and self.verdict.counts_for_cap

    def spent(self) -> "Judged":
        """Return it with the fact that the cap is reached."""
        outcome = self.scored.outcome
        known = replace(outcome.facts.circumstances, spent=True)
        facts = replace(outcome.facts, circumstances=known)
        scored = replace(self.scored, outcome=replace(outcome, facts=facts))
        return replace(self, scored=scored)


def within_caps(
    connection: Connection, judged: Sequence[Judged], known: Mapping[SiteId, Site], now: datetime
) -> list[Judged]:
    """Add to the facts of what would be rejected where the site's cap is reached.

    Where nothing of a batch is rejected, or by bans alone, nothing is read. Else the sites are
    locked until the batch is recorded, so that workers never reject more together.
    """
    rejected = {one.scored.comment.site_id for one in judged if one.counts_for_cap}
    left = {site_id: _left(connection, known[site_id], now) for site_id in sorted(rejected)}
    found, reached = [], set()
    for one in judged:
        site_id = one.scored.comment.site_id
        if site_id in left and one.counts_for_cap:
            left[site_id] -= 1
            if left[site_id] < 0:
                if known[site_id].rejections_an_hour:
                    reached.add(site_id)
                found.append(one.spent())
                continue
        found.append(one)
    for site_id in sorted(reached):
        sites.change(connection, site_id, capped_at=now)
    return found


def _left(connection: Connection, site: Site, now: datetime) -> int:
    sites.lock(connection, site.id)
    cap = site.rejections_an_hour
    return cap - rejections.but_bans(connection, site.id, now - HOUR, cap)
