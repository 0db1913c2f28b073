"""Pairs: comments that a shadow's classifier has scored too, with what both said of them.

Nearly all lie under every line on both sides, and nothing but their scores decides on them; those
are counted. Only the others are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select

from moderation.model.beside import Pair, scored_anew
from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.ids import CommentId, SiteId, lowest_uuid
from moderation.model.jobs import Purpose
from moderation.storage.classifications import BITS, classifications, facts_of
from moderation.storage.database import Connection
from moderation.storage.simulation import Replayed

MOST = 50_000
"""The newest pairs that are compared: some seconds where all of them have to be read."""

_live, _shadow = classifications.alias("live"), classifications.alias("shadow")


@dataclass(frozen=True, slots=True)
class Paired:
    """Which comments: those that one version decided on and another scored, since a moment."""

    site_id: SiteId
    live: str
    shadow: str
    since: datetime

    def newest(self) -> Subquery:
        """Select the ids of the newest pairs, up to MOST."""
        same_text = (_live.c.comment_id == _shadow.c.comment_id) & (
            _live.c.revision == _shadow.c.revision
        )
        return (
            select(_live.c.id.label("live_id"), _shadow.c.id.label("shadow_id"))
            .join(_live, same_text)
            .where(_shadow.c.site_id == self.site_id, _shadow.c.classifier == self.shadow)
            .where(_shadow.c.id >= lowest_uuid(self.since), _shadow.c.purpose == Purpose.SHADOW)
            .where(_shadow.c.written_at >= self.since)
            .where(_live.c.purpose == Purpose.DECIDE, _live.c.judged_for == self.live)
            .order_by(_shadow.c.id.desc())
            .limit(MOST)
            .subquery("newest")
        )


def count_decided(connection: Connection, of: Replayed) -> int:
    """Count the comments whose scores a version's policy judged."""
    statement = select(func.count()).select_from(classifications).where(of.condition)
    return connection.execute(statement).scalar_one()


def ordinary(connection: Connection, of: Paired, above: tuple[float, float]) -> list[Pair]:
    """Count the pairs that lie below these scores, by the labels that have none."""
    under = and_(_live.c.highest < above[0], _shadow.c.highest < above[1])
    by = (_live.c.unscored.label("live"), _shadow.c.unscored.label("shadow"))
    statement = _selecting(of, *by, func.count().label("number")).where(under).group_by(*by)
    return [
        Pair(_lowest(of.live, row.live), _lowest(of.shadow, row.shadow), row.number)
        for row in connection.execute(statement)
    ]


def others(
    connection: Connection, of: Paired, above: tuple[float, float] | None
) -> Iterator[tuple[CommentId, Pair]]:
    """Read the pairs that reach one of these scores (None: all), the newest first."""
    over = None
    if above is not None:
        over = or_(_live.c.highest >= above[0], _shadow.c.highest >= above[1])
    for row, pair in _read(connection, of, over):
        yield row.comment_id, pair


def judged(connection: Connection, of: Paired, people: Subquery) -> list[Pair]:
    """Read the pairs whose text people judged, as this subquery says."""
    same_text = and_(
        people.c.comment_id == _live.c.comment_id, people.c.revision == _live.c.revision
    )
    return [
        Pair(pair.live, pair.shadow, rejected=row.action == Action.REJECT)
        for row, pair in _read(connection, of, same_text, people.c.action)
    ]


def _read(
    connection: Connection,
    of: Paired,
    condition: ColumnElement[bool] | None,
    *columns: ColumnElement[Any],
) -> Iterator[tuple[Any, Pair]]:
    # Two statements, because both sides have the same columns.
    sides = []
    for side in (_live, _shadow):
        statement = _selecting(of, side, *columns).order_by(_shadow.c.id.desc(), _live.c.id)
        if condition is not None:
            statement = statement.where(condition)
        sides.append(connection.execute(statement))
    for live, shadow in zip(*sides, strict=True):
        known = facts_of(live)
        yield live, Pair(known, scored_anew(known, facts_of(shadow)))


def _selecting(of: Paired, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns, or a table
    newest = of.newest()
    return (
        select(*columns)
        .select_from(newest)
        .join(_live, _live.c.id == newest.c.live_id)
        .join(_shadow, _shadow.c.id == newest.c.shadow_id)
    )


def _lowest(classifier: str, unscored: int) -> Facts:
    return Facts(classifier, {label: 0.0 for label, bit in BITS.items() if not unscored & bit})
