"""What is found out about two classifiers that have scored the same comments, label by label."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, nan, sqrt, tanh

import numpy as np
from numpy.typing import ArrayLike

from classifiers.evaluation.bootstrap import bootstrap
from classifiers.evaluation.evaluating import Estimate
from classifiers.evaluation.metrics import NORMAL_QUANTILE, Floats, Interval, Tally, tally
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
    """Return Spearman's correlation, -1 to 1; what ties shares its mean rank.

    The interval is Bonett and Wright's (2000). NaN where all scores of a side are equal.
    """
    first, second = _ranks(old), _ranks(new)
    nothing = Interval(nan, nan)
    if not first.size or not np.ptp(first) or not np.ptp(second):
        return Estimate(nan, nothing)
    value = float(np.corrcoef(first, second)[0, 1])
    if first.size <= 3 or abs(value) >= 1:  # noqa: PLR2004 - its degrees of freedom
        return Estimate(value, nothing)
    reach = NORMAL_QUANTILE * sqrt((1 + value**2 / 2) / (first.size - 3))
    return Estimate(value, Interval(tanh(atanh(value) - reach), tanh(atanh(value) + reach)))


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


def _ranks(scores: ArrayLike) -> Floats:
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return ranks
