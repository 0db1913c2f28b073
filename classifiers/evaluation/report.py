"""The report: one HTML page that asks nobody for anything, with styles and plots inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from classifiers.evaluation import plots, wording
from classifiers.evaluation.bootstrap import RESAMPLES
from classifiers.evaluation.calibration import BINS
from classifiers.evaluation.evaluating import GroupResult, LabelResult
from classifiers.evaluation.examples import Examples
from classifiers.evaluation.figures import figures
from moderation.model.labels import Label


@dataclass(frozen=True, slots=True)
class Report:
    """What was evaluated, and what was found. Holds no comment's text but in `examples`."""

    file: str
    classifier: str
    policy: str
    made_at: datetime
    seed: int
    comments: int
    skipped: int
    unreadable: int
    results: Sequence[LabelResult] = ()
    by: str | None = None
    groups: Mapping[Label, Sequence[GroupResult]] = field(default_factory=dict)
    thresholds: Mapping[Label, float | None] = field(default_factory=dict)
    examples: Mapping[Label, Examples] = field(default_factory=dict)


def render(report: Report) -> str:
    """Return the page. What came from a file is escaped."""
    page = pages().get_template("report.html")
    return page.render(report=report, figures=figures, plots=plots, resamples=RESAMPLES, bins=BINS)


def pages() -> Environment:
    """Return what makes pages: it escapes, and knows how figures are written."""
    made = Environment(
        loader=PackageLoader("classifiers.evaluation", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {
        "number": wording.number,
        "estimate": wording.estimate,
        "percent": wording.percent,
        "rate": wording.rate,
    }
    return made
