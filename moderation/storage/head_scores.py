"""Scores of a site's head, written beside those that a classifier gave long before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select, true, update

from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.storage.classifications import classifications, facts_of, summary_of
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.decisions import by_automation, decisions

_c, _d = classifications.c, decisions.c

_PUT = (
    update(classifications)
    .where(_c.id == bindparam("row"))
    .values(
        unwanted=bindparam("score"),
        head=bindparam("number"),
        highest=bindparam("most"),
        unscored=bindparam("missing"),
    )
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which classifications: those of a site by a version, from one id on."""

    site_id: SiteId
    classifier: str
    first: UUID


def without(
    connection: Connection, reach: Reach, before: UUID | None, limit: int
) -> list[Row[Any]]:
    """Return classifications, the newest first, with text and the policy that judged them.

    The text is None where there is another one by now; the policy is where none did.
    """
    current = (comments.c.id == _c.comment_id) & (comments.c.revision == _c.revision)
    judged = (_d.comment_id == _c.comment_id) & (_d.classification_id == _c.id) & by_automation
    statement = (
        select(classifications, comments.c.text, comments.c.format, _d.policy_version)
        .outerjoin(comments, current)
        .outerjoin(decisions, judged)
        .where(_c.site_id == reach.site_id, _c.classifier == reach.classifier)
        .where(_c.id >= reach.first, true() if before is None else _c.id < before)
        .order_by(_c.id.desc())
        .limit(limit)
    )
    return list(connection.execute(statement))


def with_score(row: Row[Any], number: int, score: float) -> dict[str, Any]:
    """Return what is to be written of a row that gets this score."""
    facts = facts_of(row)
    scored = replace(facts, scores={**facts.scores, Label.UNWANTED: score})
    summary = summary_of(scored, row.judged_for or row.classifier)
    return {
        "row": row.id,
        "score": score,
        "number": number,
        "most": summary["highest"],
        "missing": summary["unscored"],
    }


def put(connection: Connection, changes: Sequence[Mapping[str, Any]]) -> None:
    """Write scores."""
    if changes:
        connection.execute(_PUT, list(changes))
