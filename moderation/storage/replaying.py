"""Replaying: automatic decisions, each with the facts that it was made on."""

from typing import Any

from sqlalchemy import Row, select

from moderation.model.decisions import Source
from moderation.model.ids import DecisionId, SiteId
from moderation.storage.classifications import classifications
from moderation.storage.database import Connection
from moderation.storage.decisions import decisions

_c, _d = classifications.c, decisions.c


def automatic(
    connection: Connection, site_id: SiteId, after: DecisionId | None, limit: int
) -> list[Row[Any]]:
    """Return a site's automatic decisions, oldest first, as rows of their classifications.

    Of the decision: decision_id, action, reasons, policy_version. Where nothing is stored of what
    a classifier said, the classifier is None.
    """
    ours = (_d.id.label("decision_id"), _d.action, _d.reasons, _d.policy_version)
    theirs = [column for column in _c if column.name != "id"]
    statement = (
        select(*ours, *theirs)
        .outerjoin(classifications, _c.id == _d.classification_id)
        .where(_d.site_id == site_id, _d.source == Source.AUTOMATION)
        .order_by(_d.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(_d.id > after)
    return list(connection.execute(statement))
