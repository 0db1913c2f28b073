"""Disagreements: comments on which a person decided otherwise than automation."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import StringIO

from moderation.model.comments import Format
from moderation.model.decisions import Action, Reason
from moderation.model.labels import Label, Scores


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One comment: what automation did with it, and which decision of a person stands."""

    external_id: str
    text: str
    format: Format
    scores: Scores
    classifier: str | None
    policy_version: int | None
    automation: Action
    automation_reasons: tuple[Reason, ...]
    person: Action
    person_reasons: tuple[Reason, ...]
    decided_at: datetime

    @property
    def fields(self) -> dict[str, object]:
        """What is told of it besides its scores, by name."""
        return {
            "external_id": self.external_id,
            "decided_at": self.decided_at.isoformat(),
            "automation": self.automation.value,
            "automation_reasons": [_machine_word(one) for one in self.automation_reasons],
            "person": self.person.value,
            "person_reasons": [word for one in self.person_reasons if (word := _word(one))],
            "classifier": self.classifier,
            "policy_version": self.policy_version,
            "format": self.format.value,
            "text": self.text,
        }


class ExportFormat(StrEnum):
    """How an export is written."""

    JSONL = "jsonl"
    CSV = "csv"


COLUMNS = (
    *("external_id", "decided_at", "automation", "automation_reasons", "person", "person_reasons"),
    *("classifier", "policy_version", "format", "text"),
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets take for the beginning of a formula, wide forms included."""


def written(found: Iterable[Disagreement], form: ExportFormat) -> Iterator[str]:
    """Write an export piece by piece, each one or more whole lines."""
    return _as_csv(found) if form is ExportFormat.CSV else _as_jsonl(found)


def _as_jsonl(found: Iterable[Disagreement]) -> Iterator[str]:
    for one in found:
        scores = {label.value: score for label, score in one.scores.items()}
        # ASCII alone: every encoding can write it, and no terminal obeys it.
        yield json.dumps(one.fields | {"scores": scores}) + "\n"


def _as_csv(found: Iterable[Disagreement]) -> Iterator[str]:
    yield _line((*COLUMNS, *Label))
    for one in found:
        cells = (_cell(one.fields[name]) for name in COLUMNS)
        yield _line((*cells, *(one.scores.get(label) for label in Label)))


def _line(cells: Iterable[object]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC).writerow(cells)
    return line.getvalue()


def _cell(value: object) -> object:
    """Return what stands in a cell: no spreadsheet may compute what a stranger wrote."""
    if isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return value


def _machine_word(reason: Reason) -> str:
    return reason.kind.value if reason.label is None else reason.label.value


def _word(reason: Reason) -> str | None:
    """Return why a person decided so, in the words that they or their site chose."""
    return reason.detail or reason.title or reason.code
