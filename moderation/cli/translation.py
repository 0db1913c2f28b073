"""A translation of thresholds from a file to what is printed and written."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from classifiers.evaluation.metrics import Floats
from classifiers.evaluation.translating import translate_label
from classifiers.evaluation.translation_report import TranslationReport, render
from moderation.cli import screen
from moderation.cli.score_columns import ScoreColumn, from_columns, score_columns, with_scores
from moderation.cli.score_output import OutputFormat
from moderation.cli.scored_file import OpenedComments, Scoring, opened_comments
from moderation.cli.skipped import Skipped
from moderation.cli.translation_output import print_translation
from moderation.model.errors import InvalidInput
from moderation.model.labels import OF_CLASSIFIERS, Label, Scores

THRESHOLDS = tuple(step / 20 for step in range(1, 20))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator asked for; `moderation.cli.translate` describes each."""

    scoring: Scoring
    old: tuple[str, ...]
    new: tuple[str, ...]
    at: tuple[float, ...]
    report: Path | None
    output: OutputFormat


class _Pairs:
    """The old and the new score of each comment, label by label."""

    def __init__(self, columns: Sequence[ScoreColumn]) -> None:
        self._scores = {column: (array("d"), array("d")) for column in columns}

    def add(self, fields: Mapping[str, object], scores: Scores) -> None:
        """Gather one comment, for the labels that both have scored."""
        for column, (old, new) in self._scores.items():
            score = column.score(fields)
            if score is not None and column.label in scores:
                old.append(score)
                new.append(scores[column.label])

    def arrays(self) -> dict[ScoreColumn, tuple[Floats, Floats]]:
        """Return them for the labels that have any. Raises InvalidInput where none has."""
        found = {
            column: (np.array(old), np.array(new))
            for column, (old, new) in self._scores.items()
            if old
        }
        if not found:
            raise InvalidInput("There is no comment that both have scored.")
        return found


def translate_file(wanted: Wanted) -> None:
    """Read old and new scores, translate, print, and write the report if wanted.

    Raises InvalidInput, NotConfigured.
    """
    scoring, skipped = wanted.scoring, Skipped()
    _check(wanted)
    with opened_comments(scoring, skipped, texts=not wanted.new) as opened:
        new = _columns("--to", wanted.new, opened, frozenset(OF_CLASSIFIERS)) if wanted.new else []
        source = from_columns(new) if new else scoring.source()
        old = _columns("--from", wanted.old, opened, source.labels)
        comments = with_scores(with_scores(opened.comments, old, skipped), new, skipped)
        pairs = _Pairs(old)
        for comment, facts in opened.scored(comments, source, skipped):
            pairs.add(comment.fields, facts.scores)
    thresholds = sorted(set(wanted.at)) or THRESHOLDS
    report = TranslationReport(
        file=scoring.file.name,
        scored_by=source.version,
        made_at=datetime.now(UTC),
        seed=scoring.seed,
        skipped=skipped.count,
        results=[
            translate_label(column.label, column.column, found, thresholds, scoring.seed)
            for column, found in pairs.arrays().items()
        ],
    )
    print_translation(report, wanted.output)
    if wanted.report is not None:
        wanted.report.write_text(render(report), encoding="utf-8")
        if wanted.output is OutputFormat.TABLE:
            screen.say(f"The report is in {wanted.report}")
    skipped.end()


def _check(wanted: Wanted) -> None:
    """Notice before the long work what could not be done after it."""
    scoring = wanted.scoring
    scoring.check_targets(wanted.report)
    if not all(0.0 <= threshold <= 1.0 for threshold in wanted.at):
        raise InvalidInput("--at is a score from 0 to 1.")
    if wanted.new and (scoring.classifier or scoring.scores or scoring.from_scores):
        raise InvalidInput(
            "--to takes the new scores from the file: leave --classifier, --scores and "
            "--from-scores out."
        )


def _columns(
    option: str, given: Sequence[str], opened: OpenedComments, scored: frozenset[Label]
) -> list[ScoreColumn]:
    """Return the columns of one side. Raises InvalidInput where the file lacks them."""
    columns = score_columns(option, given, opened.names, scored)
    opened.require(column.column for column in columns)
    if opened.names and not columns:
        raise InvalidInput(
            f"No column is named as a label; there are {opened.known}. "
            "Say which one holds old scores, as in --from toxicity=COLUMN."
        )
    return columns
