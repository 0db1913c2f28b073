"""Sampling for the audit: chance chooses some of what automation approves, for people to judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.model import audits
from moderation.model.audits import COUNTED_OVER, Chance, approvals_a_day, probability
from moderation.model.comments import Comment
from moderation.model.errors import InvalidInput
from moderation.model.ids import DecisionId, SiteId, lowest_uuid, new_uuid
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services.sites import change_columns
from moderation.storage import audit_samples, decisions, sites
from moderation.storage.database import Connection

MOST_COUNTED = 20_000
"""Approvals in a day and more of the largest sites; some hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A comment of a site that automation is approving."""

    comment: Comment
    decision_id: DecisionId
    site: Site


def sample(
    connection: Connection,
    approved: Sequence[Approved],
    now: datetime,
    chance: Chance = audits.chance,
) -> None:
    """Let chance choose some of these for people to judge.

    One statement where it chooses any, and none else.
    """
    rows = [row for one in approved if (row := _row(one, now, chance))]
    if rows:
        audit_samples.add_all(connection, rows)


def change_audit(runtime: Runtime, name: str, share: float) -> Site:
    """Let people judge this share of what is approved by automation at a site, from now on.

    Raises NotFound, InvalidInput.
    """
    if not 0.0 <= share <= 1.0:
        raise InvalidInput("Take 0 to 100 percent.")
    return change_columns(runtime, name, "site-audit", {"audit_share": share})


def count_approvals(runtime: Runtime) -> None:
    """Note of each site how many comments a day automation approves. Raises StorageUnavailable.

    Each in transactions of its own, and nothing is held while it is counted.
    """
    with runtime.reading() as connection:
        found = [row.id for row in sites.every(connection) if row.audit_share]
    for site_id in found:
        with runtime.reading() as connection:
            a_day = _approvals_a_day(connection, site_id, runtime.database_now(connection))
        with runtime.transaction() as connection:
            sites.change(connection, site_id, approvals_a_day=a_day)


def _row(one: Approved, now: datetime, chance: Chance) -> dict[str, Any] | None:
    chosen_with = probability(one.site.audit_share, one.site.approvals_a_day)
    if not chosen_with or chance() >= chosen_with:
        return None
    return {
        "id": new_uuid(),
        "comment_id": one.comment.id,
        "site_id": one.comment.site_id,
        "revision": one.comment.revision,
        "decision_id": one.decision_id,
        "probability": chosen_with,
        "turn": chance(),
        "sampled_at": now,
    }


def _approvals_a_day(connection: Connection, site_id: SiteId, now: datetime) -> float:
    """Count those of the last days, or the newest of a site that has very many."""
    site = sites.by_id(connection, site_id)
    begins = now - COUNTED_OVER if site is None else max(now - COUNTED_OVER, site.created_at)
    since = lowest_uuid(begins)
    number, oldest = decisions.count_approvals(connection, site_id, since, MOST_COUNTED)
    whole = oldest is None or number < MOST_COUNTED
    return approvals_a_day(number, begins if whole or oldest is None else oldest, now)
