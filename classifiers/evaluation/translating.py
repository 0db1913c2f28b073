"""What is found out about two classifiers that have scored the same comments, label by label."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import ArrayLike

from classifiers.evaluation.bootstrap import bootstrap
from classifiers.evaluation.evaluating import Estimate
from classifiers.evaluation.metrics import Floats, Interval, Tally, tally
from moderation.model import correlation
from moderation.model.labels import Label
from moderation.model.translation import Translation, translate


@dataclass(frozen=True, slots=True)
class Carried:
    """A threshold of the old scores, and what stands for it.

    `best` holds the best threshold, roughly; it is NaN where few comments are flagged.
    """

    old_threshold: float
    translation: Translation
    best: Interval


@dataclass(frozen=True, slots=True)
class LabelTranslation:
    """The scores of one label; `column` names the old ones. `old` and `new` pair by place."""

    label: Label
    column: str
    old: Floats
    new: Floats
    correlation: Estimate
    rows: Sequence[Carried]

    @property
    def few(self) -> Sequence[Carried]:
        """The thresholds at which too few comments are flagged."""
        return [row for row in self.rows if row.translation.few]


def translate_label(
    label: Label, column: str, pairs: tuple[Floats, Floats], thresholds: Sequence[float], seed: int
) -> LabelTranslation:
    """Carry thresholds of the old scores over to the new ones. Raises InvalidInput."""
    old, new = pairs
    rows = [_carried(old, new, threshold, seed) for threshold in thresholds]
    return LabelTranslation(label, column, old, new, rank_correlation(old, new), rows)


def rank_correlation(old: ArrayLike, new: ArrayLike) -> Estimate:
    """Return Spearman's correlation, -1 to 1, with its interval.

    NaN where all scores of a side are equal.
    """
    first, second = np.asarray(old, dtype=float), np.asarray(new, dtype=float)
    found = correlation.rank_correlation(first.tolist(), second.tolist())
    return Estimate(found.value, Interval(found.low, found.high))


def best_threshold(counted: Tally) -> float:
    """Return the highest of the thresholds with the best positive agreement, which is F1."""
    found = np.cumsum(counted.positives)
    flagged = found + np.cumsum(counted.negatives)
    return float(counted.scores[np.argmax(2 * found / (flagged + found[-1]))])


def _carried(old: Floats, new: Floats, threshold: float, seed: int) -> Carried:
    found = translate(old.tolist(), new.tolist(), threshold)
    # Resamples of few flagged comments are all alike, and would call the threshold certain.
    if found.few:
        return Carried(threshold, found, Interval(nan, nan))
    [best] = bootstrap(tally(new, old >= threshold), [best_threshold], seed)
    return Carried(threshold, found, best)
