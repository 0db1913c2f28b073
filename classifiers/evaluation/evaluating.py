"""What is found out about scored and labelled comments, label by label and group by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.evaluation.bootstrap import bootstrap
from classifiers.evaluation.calibration import Bin, calibration_bins, expected_calibration_error
from classifiers.evaluation.metrics import (
    Bools,
    Confusion,
    Floats,
    Interval,
    Rate,
    Tally,
    average_precision,
    brier_score,
    confusion,
    roc_auc,
    tally,
)
from moderation.model.labels import Label

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Sample:
    """Scored comments. `truth` is 1, 0 or UNKNOWN by label; `held` is what a policy flags.

    `groups` names each comment's group, or is empty.
    """

    scores: Mapping[Label, Floats]
    truth: Mapping[Label, NDArray[np.int8]]
    held: Bools
    groups: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its interval."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class LabelResult:
    """How well one label's scores fit. `at_threshold` is None where nothing flags by this label.

    `by_policy` counts what the whole policy flags, whichever label made it.
    """

    label: Label
    counted: Tally
    positives: int
    negatives: int
    auc: Estimate
    average_precision: Estimate
    brier: float
    calibration_error: float
    bins: Sequence[Bin]
    threshold: float | None
    at_threshold: Confusion | None
    by_policy: Confusion


@dataclass(frozen=True, slots=True)
class GroupResult:
    """The comments of one group and the scores of one label; `over` counts by its threshold.

    `by_policy` counts what the whole policy flags.
    """

    name: str
    count: int
    positives: Rate
    mean_score: float
    over: Rate | None
    by_policy: Rate


def evaluate_label(label: Label, sample: Sample, threshold: float | None, seed: int) -> LabelResult:
    """Measure one label on the comments of which its truth is known."""
    known = sample.truth[label] != UNKNOWN
    scores, labels = sample.scores[label][known], sample.truth[label][known] == 1
    counted = tally(scores, labels)
    auc, precision = bootstrap(counted, (roc_auc, average_precision), seed)
    return LabelResult(
        label=label,
        counted=counted,
        positives=int(labels.sum()),
        negatives=int((~labels).sum()),
        auc=Estimate(roc_auc(counted), auc),
        average_precision=Estimate(average_precision(counted), precision),
        brier=brier_score(scores, labels),
        calibration_error=expected_calibration_error(scores, labels),
        bins=calibration_bins(scores, labels),
        threshold=threshold,
        at_threshold=None if threshold is None else counted.confusion(threshold),
        by_policy=confusion(sample.held[known], labels),
    )


def evaluate_groups(label: Label, sample: Sample, threshold: float | None) -> Sequence[GroupResult]:
    """Measure one label's scores in each group, the groups by their names."""
    names, places = np.unique(np.array(sample.groups, dtype=object), return_inverse=True)
    scores = sample.scores[label]
    truth = sample.truth.get(label, np.full(len(scores), UNKNOWN, dtype=np.int8))
    return [
        _group(str(name), scores[inside], truth[inside], threshold, sample.held[inside])
        for at, name in enumerate(names)
        if (inside := places == at).any()
    ]


def _group(
    name: str, scores: Floats, truth: NDArray[np.int8], threshold: float | None, held: Bools
) -> GroupResult:
    count = len(scores)
    return GroupResult(
        name=name,
        count=count,
        positives=Rate(int((truth == 1).sum()), int((truth != UNKNOWN).sum())),
        mean_score=float(scores.mean()),
        over=None if threshold is None else Rate(int((scores >= threshold).sum()), count),
        by_policy=Rate(int(held.sum()), count),
    )
