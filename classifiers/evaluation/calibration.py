"""Calibration: whether of the comments with a score of .7 seven in ten are positive."""

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import ArrayLike

from classifiers.evaluation.metrics import Rate

BINS = 15


@dataclass(frozen=True, slots=True)
class Bin:
    """The comments whose score lies between two numbers; `positives` is the share of them."""

    low: float
    high: float
    mean_score: float
    positives: Rate


def calibration_bins(scores: ArrayLike, labels: ArrayLike, bins: int = BINS) -> list[Bin]:
    """Sort comments by their scores into bins of equal width; empty ones are left out."""
    scores, labels = np.asarray(scores, np.float64), np.asarray(labels, np.float64)
    places = np.minimum((scores * bins).astype(np.intp), bins - 1)
    counts = np.bincount(places, minlength=bins)
    sums = np.bincount(places, scores, bins)
    positives = np.bincount(places, labels, bins)
    return [
        Bin(at / bins, (at + 1) / bins, sums[at] / counts[at], Rate(int(positives[at]), count))
        for at in range(bins)
        if (count := int(counts[at]))
    ]


def expected_calibration_error(scores: ArrayLike, labels: ArrayLike, bins: int = BINS) -> float:
    """Return the mean distance of score and share of positives, over bins weighted by their size.

    Guo et al. 2017, "On Calibration of Modern Neural Networks".
    """
    found = calibration_bins(scores, labels, bins)
    if not found:
        return nan
    distances = [abs(each.mean_score - each.positives.share) for each in found]
    return float(np.average(distances, weights=[each.positives.of for each in found]))
