"""The report of a translation: one HTML page like that of an evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from classifiers.evaluation import plots, translation_wording
from classifiers.evaluation.bootstrap import RESAMPLES
from classifiers.evaluation.report import pages
from classifiers.evaluation.translating import LabelTranslation
from classifiers.evaluation.translation_figures import figures


@dataclass(frozen=True, slots=True)
class TranslationReport:
    """What was translated; `scored_by` is a classifier version, or names columns of the file.

    `skipped` counts lines of a file, where it came from one. `notes` say what these comments cannot
    tell.
    """

    file: str
    scored_by: str
    made_at: datetime
    seed: int
    skipped: int | None
    results: Sequence[LabelTranslation]
    notes: Sequence[str] = ()


def render(report: TranslationReport) -> str:
    """Return the page. It holds no comment's text, and what came from a file is escaped."""
    page = pages().get_template("translation.html")
    return page.render(
        report=report,
        figures=figures,
        plots=plots,
        resamples=RESAMPLES,
        wording=translation_wording,
    )
