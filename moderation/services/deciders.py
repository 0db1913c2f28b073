"""Deciders: who may decide on what waits, and who leaves it to others."""

from collections.abc import Collection
from typing import Any

from moderation.model.appeals import leaves_to_others
from moderation.model.ids import ReviewId, SiteId
from moderation.model.people import User
from moderation.storage import appeals, second_looks, users
from moderation.storage.database import Connection


def judged_by_others(
    connection: Connection, user: User, site_ids: Collection[SiteId]
) -> frozenset[ReviewId]:
    """Return what waits for somebody else, where there is one: it is about this person's judgement.

    That are appeals against what they decided or took a second look at, and comments that they and
    another judged differently.
    """
    appealed = appeals.against_judgements_of(connection, user.id, site_ids)
    disputed = second_looks.with_disputes_of(connection, user.id, site_ids)
    if not (appealed or disputed):
        return frozenset()
    there = users.active_at(connection, {row.site_id for row in (*appealed, *disputed)})
    return frozenset(
        [
            row.review_id
            for row in appealed
            if user.id in leaves_to_others(there[row.site_id], row.decided_by, row.second_by)
        ]
        + [row.review_id for row in disputed if there[row.site_id] - {row.first_by, row.second_by}]
    )


def may_decide(connection: Connection, user: User, review: Any) -> bool:  # noqa: ANN401 - a row
    """Say whether this person may decide on what waits; see `Card.why_not`."""
    if review.escalated_at is not None and not user.is_operator:
        return False
    return review.id not in judged_by_others(connection, user, [review.site_id])
