"""Translations as people read them, the same on the terminal and in the report."""

from classifiers.evaluation.evaluating import Estimate
from classifiers.evaluation.metrics import Interval
from classifiers.evaluation.translating import Carried, LabelTranslation
from classifiers.evaluation.wording import NOTHING, estimate, number, percent
from moderation.model.translation import FEW


def same_share(row: Carried) -> str:
    """Return the threshold that flags as many; where none are flagged, what it lies above."""
    found = row.translation
    if found.threshold is None:
        return f"above {number(found.low)}"
    return estimate(Estimate(found.threshold, Interval(found.low, found.high)))


def best(row: Carried) -> str:
    """Return the threshold that agrees best."""
    found = row.translation.best_threshold
    return NOTHING if found is None else estimate(Estimate(found, row.best))


def cells(row: Carried) -> tuple[str, ...]:
    """Return a row of the table under `COLUMNS`."""
    found = row.translation
    return (
        f"{row.old_threshold:g}",
        f"{found.flagged:,} ({percent(found.share)} %)",
        same_share(row),
        f"{found.overlap.flagged_now:,}",
        f"{percent(found.agreement)} %",
        f"{found.overlap.only_old:,}",
        f"{found.overlap.only_new:,}",
        best(row),
        f"{found.best_overlap.flagged_now:,}",
        f"{found.best_overlap.only_old:,}",
        f"{found.best_overlap.only_new:,}",
    )


COLUMNS = (
    "old threshold",
    "flagged",
    "same share",
    "flags",
    "agree",
    "only old",
    "only new",
    "best agreement",
    "flags",
    "only old",
    "only new",
)


def warning(found: LabelTranslation) -> str | None:
    """Return where a translation rests on too few comments; None: nowhere."""
    if not found.few:
        return None
    thresholds = ", ".join(f"{row.old_threshold:g}" for row in found.few)
    return (
        f"Too few comments of these are flagged for {found.label} at {thresholds}: fewer than "
        f"{FEW}. Read the interval there, not the threshold, or translate more comments."
    )
