"""Site's reasons: the ones that operators chose, for each site all or none."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    delete,
    insert,
    select,
)

from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.site_reasons import DEFAULTS, SiteReason
from moderation.storage.database import Connection
from moderation.storage.schema import json_column, metadata

site_reasons = Table(
    "site_reasons",
    metadata,
    Column("site_id", Uuid, ForeignKey("sites.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("code", String(40), nullable=False),
    Column("title", String(80), nullable=False),
    Column("guideline", Text, nullable=False),
    Column("message", Text, nullable=False),
    json_column("labels"),
    UniqueConstraint("site_id", "code"),
)

_c = site_reasons.c


def of(
    connection: Connection, site_ids: Collection[SiteId]
) -> dict[SiteId, tuple[SiteReason, ...]]:
    """Return the reasons of these sites, in their order; the defaults where none were chosen."""
    statement = select(site_reasons).where(_c.site_id.in_(site_ids)).order_by(_c.number)
    found: defaultdict[SiteId, list[SiteReason]] = defaultdict(list)
    for row in connection.execute(statement):
        found[row.site_id].append(_to_reason(row))
    return {site_id: tuple(found.get(site_id, DEFAULTS)) for site_id in site_ids}


def replace(connection: Connection, site_id: SiteId, reasons: Sequence[SiteReason]) -> None:
    """Put other reasons in the place of a site's."""
    connection.execute(delete(site_reasons).where(_c.site_id == site_id))
    connection.execute(insert(site_reasons), [_from_reason(site_id, one) for one in reasons])


def _from_reason(site_id: SiteId, reason: SiteReason) -> dict[str, Any]:
    return {
        "site_id": site_id,
        "number": reason.number,
        "code": reason.code,
        "title": reason.title,
        "guideline": reason.guideline,
        "message": reason.message,
        "labels": [label.value for label in reason.labels],
    }


def _to_reason(row: Row[Any]) -> SiteReason:
    labels = tuple(Label(label) for label in row.labels)
    return SiteReason(row.number, row.code, row.title, row.guideline, row.message, labels)
