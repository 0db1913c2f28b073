"""Disagreements: the decisions of people that stand, beside those that automation had made."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, or_, select

from moderation.model.comments import Status
from moderation.model.decisions import Action, Source
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.storage.classifications import classifications
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.decisions import by_people, decisions

_c, _d = comments.c, decisions.c
_automation = decisions.alias("automation")
_earlier = decisions.alias("earlier")
_a = _automation.c

_contradicts = or_(
    and_(_d.action == Action.APPROVE, _a.action != Action.APPROVE),
    and_(_d.action == Action.REJECT, _a.action == Action.APPROVE),
)
"""Whether a person decided otherwise: a flag is contradicted by approving alone."""


def page(
    connection: Connection,
    site_id: SiteId,
    since: datetime,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Row[Any]]:
    """Return decisions in the order in which people made them, with what they contradict.

    `after` is where the page before ended.
    """
    statement = _standing(site_id, since).where(_contradicts)
    if after is not None:
        at, last_id = after
        later = or_(_d.decided_at > at, and_(_d.decided_at == at, _d.id > last_id))
        statement = statement.where(_d.decided_at >= at, later)
    ordered = statement.order_by(_d.decided_at, _d.id).limit(limit)
    return list(connection.execute(ordered))


def _standing(site_id: SiteId, since: datetime) -> Select[Any]:
    """Ask for what people decided last, with the last that automation had decided on that text."""
    last = select(func.max(_earlier.c.sequence)).where(
        _earlier.c.comment_id == _d.comment_id,
        _earlier.c.sequence < _d.sequence,
        _earlier.c.revision == _d.revision,
        _earlier.c.source == Source.AUTOMATION,
    )
    that_one = and_(_a.comment_id == _d.comment_id, _a.sequence == last.scalar_subquery())
    return (
        select(
            *(_c.external_id, _c.text, _c.format),
            *(_d.id, _d.action, _d.reasons, _d.decided_at),
            *(_a.action.label("automation"), _a.reasons.label("automation_reasons")),
            *(_a.policy_version, _a.classifier.label("judged_by")),
            *(classifications.c[label] for label in Label),
        )
        .join(comments, (_c.id == _d.comment_id) & (_c.sequence == _d.sequence))
        .join(_automation, that_one)
        .outerjoin(classifications, classifications.c.id == _a.classification_id)
        .where(_d.site_id == site_id, by_people, _d.imported.is_(False), _d.decided_at >= since)
        .where(_c.status != Status.ERASED)
    )
