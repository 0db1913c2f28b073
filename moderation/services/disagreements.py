"""Disagreements: comments on which people decided otherwise than automation, to be exported."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from moderation.model.comments import Format
from moderation.model.decisions import Action
from moderation.model.disagreements import Disagreement
from moderation.model.ids import SiteId
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.operating import check_operator
from moderation.storage import classifications, decisions, disagreements

TOGETHER = 500
"""Read at once: an export of any length holds up nobody, and little of it is in memory."""


def disagreements_for(
    runtime: Runtime, user: User, site_id: SiteId, since: datetime
) -> Iterator[Disagreement]:
    """Return what an operator may export; see `all_disagreements`. Raises NotFound, Forbidden."""
    check_operator(user, site_id)
    return all_disagreements(runtime, site_id, since)


def all_disagreements(runtime: Runtime, site_id: SiteId, since: datetime) -> Iterator[Disagreement]:
    """Yield a site's disagreements since a moment, in the order in which people decided.

    Only decisions that stand, on the text that automation judged; nothing that was erased.
    Raises StorageUnavailable.
    """
    after = None
    while True:
        with runtime.reading() as connection:
            rows = disagreements.page(connection, site_id, since, after, TOGETHER)
        yield from map(_disagreement, rows)
        if len(rows) < TOGETHER:
            return
        after = rows[-1].decided_at, rows[-1].id


def _disagreement(row: Any) -> Disagreement:  # noqa: ANN401 - a row of storage.disagreements
    return Disagreement(
        external_id=row.external_id,
        text=row.text,
        format=Format(row.format),
        scores=classifications.scores_of(row),
        classifier=row.judged_by,
        policy_version=row.policy_version,
        automation=Action(row.automation),
        automation_reasons=tuple(map(decisions.to_reason, row.automation_reasons)),
        person=Action(row.action),
        person_reasons=tuple(map(decisions.to_reason, row.reasons)),
        decided_at=row.decided_at,
    )
