"""A translation on the terminal, or as CSV or JSONL for programs."""

import csv
import json
import sys
from collections.abc import Iterator
from math import isnan

from classifiers.evaluation.translating import Carried, LabelTranslation
from classifiers.evaluation.translation_report import TranslationReport
from classifiers.evaluation.translation_wording import COLUMNS, cells, warning
from classifiers.evaluation.wording import estimate
from moderation.cli import screen
from moderation.cli.score_output import DIGITS, OutputFormat

Row = dict[str, object]


def print_translation(report: TranslationReport, output: OutputFormat) -> None:
    """Print what was found."""
    if output is OutputFormat.TABLE:
        for found in report.results:
            _print_table(found, report.scored_by)
        for note in report.notes:
            screen.say(note)
        return
    rows = list(_rows(report))
    if output is OutputFormat.CSV:
        lines = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
        lines.writeheader()
        lines.writerows(rows)
    else:
        for row in rows:
            screen.say(json.dumps(row))


def _print_table(found: LabelTranslation, scored_by: str) -> None:
    screen.say(f"{found.label}: from {screen.visible(found.column)} to {screen.visible(scored_by)}")
    correlation = estimate(found.correlation)
    screen.say(f"{found.old.size:,} comments, rank correlation {correlation}")
    screen.table(COLUMNS, (cells(row) for row in found.rows))
    if said := warning(found):
        screen.say(said)


def _rows(report: TranslationReport) -> Iterator[Row]:
    for found in report.results:
        correlation = found.correlation
        for row in found.rows:
            yield {
                "label": found.label,
                "from": found.column,
                "to": report.scored_by,
                "comments": row.translation.comments,
                "rank_correlation": _rounded(correlation.value),
                "rank_correlation_low": _rounded(correlation.interval.low),
                "rank_correlation_high": _rounded(correlation.interval.high),
                "old_threshold": row.old_threshold,
                "flagged": row.translation.flagged,
                "few": row.translation.few,
                **_carried(row),
            }


def _carried(row: Carried) -> Row:
    found = row.translation
    return {
        "same_share": _rounded(found.threshold),
        "same_share_low": _rounded(found.low),
        "same_share_high": _rounded(found.high),
        "same_share_flagged": found.overlap.flagged_now,
        "same_share_agreement": _rounded(found.agreement),
        "same_share_only_old": found.overlap.only_old,
        "same_share_only_new": found.overlap.only_new,
        "best": _rounded(found.best_threshold),
        "best_low": _rounded(row.best.low),
        "best_high": _rounded(row.best.high),
        "best_flagged": found.best_overlap.flagged_now,
        "best_agreement": _rounded(found.best_overlap.agreement),
        "best_only_old": found.best_overlap.only_old,
        "best_only_new": found.best_overlap.only_new,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None or isnan(value) else round(value, DIGITS)
