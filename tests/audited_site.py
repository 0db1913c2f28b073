"""A site whose truth is known: what came, what automation did with it, and what people said of it.

Over four weeks insults scored so much, of which so many are bad (in brackets those in the sample of
a tenth, which people judged):

    0.1   2,800 approved, 20 bad (280, 2)
    0.6     320 approved, 40 bad (32, 4)
    0.9     240 flagged, 120 bad, all judged

So of 180 bad ones 120 are stopped, and with insults from 0.5 on it would be 160.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert

from moderation.model.audits import SampleState
from moderation.model.classification import Facts
from moderation.model.decisions import Action, Source
from moderation.model.ids import SiteId, new_uuid
from moderation.model.jobs import Purpose
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.classifier_versions import saw_classifier
from moderation.storage import audit_samples, classifications, comments, decisions
from moderation.storage.database import Connection
from tests.factories import CIVIL, CLASSIFIER

LINE = 0.8
"""From where a new site flags insults."""

DAYS = 27


@dataclass(frozen=True)
class Cell:
    """Comments of one score: how many, of how many people were asked, and how many are bad."""

    score: float
    number: int
    judged: int
    bad: int
    """Of those that were judged."""


TRUTH = (Cell(0.1, 2_800, 280, 2), Cell(0.6, 320, 32, 4), Cell(0.9, 240, 240, 120))


def fill(
    runtime: Runtime,
    site_id: SiteId,
    truth: Sequence[Cell] = TRUTH,
    *,
    chance: float = 0.1,
    by_people_alone: bool = False,
) -> None:
    """Let these comments have come, and people have judged as many of them as it says.

    `by_people_alone`: before any automation, as what was imported and scored later.
    """
    saw_classifier(runtime, CLASSIFIER, [label for label in Label if label in CIVIL])
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        rows = _Rows(site_id, chance, automatic=not by_people_alone)
        for cell in truth:
            rows.add(cell, now)
        rows.write(connection)


class _Rows:
    def __init__(self, site_id: SiteId, chance: float, *, automatic: bool) -> None:
        self._site_id = site_id
        self._chance = chance
        self._automatic = automatic
        self._of: dict[Table, list[dict[str, Any]]] = {
            table: []
            for table in (
                comments.comments,
                classifications.classifications,
                decisions.decisions,
                audit_samples.audit_samples,
            )
        }

    def add(self, cell: Cell, now: datetime) -> None:
        for nth in range(cell.number):
            at = now - timedelta(days=(nth % DAYS) + 0.5)
            rejected = None
            if nth < cell.judged:
                # So that each week has its share of both.
                rejected = (nth + 1) * cell.bad // cell.judged > nth * cell.bad // cell.judged
            self._add(cell.score, at, rejected=rejected)

    def write(self, connection: Connection) -> None:
        for table, rows in self._of.items():
            if rows:
                connection.execute(insert(table), rows)

    def _add(self, score: float, at: datetime, *, rejected: bool | None) -> None:
        comment_id, scored_id = new_uuid(), new_uuid()
        site = {"site_id": self._site_id}
        comment = {"text": f"It scores {score}.", "format": "plain"}
        comment |= {"status": "approved", "received_at": at, "created_at": at}
        self._of[comments.comments].append(
            site | comment | {"id": comment_id, "external_id": str(comment_id)}
        )
        facts = Facts(CLASSIFIER, CIVIL | {Label.INSULT: score})
        text = site | {"comment_id": comment_id, "revision": 1}
        scored = {"id": scored_id, "classifier": CLASSIFIER, "purpose": Purpose.DECIDE}
        scored |= {label.value: one for label, one in facts.scores.items()}
        scored |= {"readable": True, "classified_at": at, "written_at": at}
        summary = classifications.summary_of(facts, CLASSIFIER)
        self._of[classifications.classifications].append(text | scored | summary)
        said = None if rejected is None else Action.REJECT if rejected else Action.APPROVE
        self._decide(text, score, at, scored_id, said)

    def _decide(
        self, text: dict[str, Any], score: float, at: datetime, scored_id: UUID, said: Action | None
    ) -> None:
        if not self._automatic:
            if said is not None:
                self._made(text, 1, said, at, None)
            return
        flagged = score >= LINE
        first = self._made(text, 1, Action.FLAG if flagged else Action.APPROVE, at, scored_id)
        if said is None:
            return
        by_person = flagged or said is Action.REJECT
        outcome = self._made(text, 2, said, at, None) if by_person else None
        if not flagged:
            state = SampleState.KEPT if outcome is None else SampleState.MISSED
            chosen = {"decision_id": first, "probability": self._chance, "turn": 0.5}
            judged = {"state": state, "outcome_id": outcome, "sampled_at": at, "judged_at": at}
            row = text | chosen | judged | {"id": new_uuid()}
            self._of[audit_samples.audit_samples].append(row)

    def _made(
        self, text: dict[str, Any], nth: int, action: Action, at: datetime, scored_id: UUID | None
    ) -> UUID:
        """Add a decision: by automation where it rests on scores, else by a person."""
        automatic, decision_id = scored_id is not None, new_uuid()
        made = {"id": decision_id, "sequence": nth, "action": action, "reasons": []}
        by = {
            "source": Source.AUTOMATION if automatic else Source.MODERATOR,
            "classification_id": scored_id,
            "imported": not self._automatic,
            "decided_at": at,
        }
        self._of[decisions.decisions].append(text | made | by)
        return decision_id
