"""Intervals: as wide as theory says, the same each time, and for a fixed number of each class."""

from math import isnan, sqrt

import numpy as np
import pytest

from classifiers.evaluation.bootstrap import bootstrap
from classifiers.evaluation.metrics import Interval, Tally, average_precision, roc_auc, tally


def overlapping(size: int) -> Tally:
    """Return as many positives as negatives, an AUC of about .76."""
    source = np.random.default_rng(3)
    labels = np.arange(size) % 2
    return tally(source.normal(labels, 1.0), labels)


def test_an_interval_is_as_wide_as_the_normal_approximation() -> None:
    counted = overlapping(1_000)
    [interval] = bootstrap(counted, [roc_auc], seed=1)
    auc, each = roc_auc(counted), 500
    # Hanley and McNeil 1982, with their approximation of the two probabilities.
    first, second = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (each - 1) * (first + second - 2 * auc**2)
    width = 2 * 1.96 * sqrt(spread) / each
    assert interval.low < auc < interval.high
    assert interval.high - interval.low == pytest.approx(width, rel=0.08)


def test_four_times_the_comments_halve_the_interval() -> None:
    [few], [many] = (
        bootstrap(overlapping(size), [average_precision], seed=1) for size in (500, 2_000)
    )
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(2, rel=0.25)


def test_a_seed_gives_the_same_interval_each_time() -> None:
    counted = overlapping(200)
    statistics = (roc_auc, average_precision)
    assert bootstrap(counted, statistics, seed=1) == bootstrap(counted, statistics, seed=1)
    assert bootstrap(counted, statistics, seed=1) != bootstrap(counted, statistics, seed=2)


def test_a_resample_has_as_many_of_both_classes_and_scores_from_the_sample() -> None:
    counted = tally([0.1, 0.2, 0.2, 0.7, 0.9], [0, 0, 1, 0, 1])
    kept = bootstrap(
        counted,
        [
            lambda resample: resample.positives.sum(),
            lambda resample: resample.negatives.sum(),
            # A positive was never drawn from where only negatives are.
            lambda resample: resample.positives[counted.positives == 0].sum(),
        ],
        seed=1,
    )
    assert kept == [Interval(2, 2), Interval(3, 3), Interval(0, 0)]


def test_separated_classes_stay_separated() -> None:
    counted = tally([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])
    assert bootstrap(counted, [roc_auc, average_precision], seed=1) == [Interval(1, 1)] * 2


def test_one_class_alone_has_no_interval() -> None:
    [interval] = bootstrap(tally([0.1, 0.2], [0, 0]), [roc_auc], seed=1)
    assert isnan(interval.low)
    assert isnan(interval.high)
