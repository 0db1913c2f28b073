"""Bootstrap intervals: how much a figure would move with other comments of the same kind."""

from collections.abc import Iterator, Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from classifiers.evaluation.metrics import Floats, Interval, Statistic, Tally

RESAMPLES = 1_000
CONFIDENCE = 0.95


def bootstrap(
    counted: Tally, statistics: Sequence[Statistic], seed: int, resamples: int = RESAMPLES
) -> list[Interval]:
    """Return the percentile interval of each statistic (Efron 1979).

    Stratified: positives and negatives are drawn anew each by themselves, so that every resample
    has as many of both as the sample. Without one of them the intervals are NaN.
    """
    if not counted.positives.any() or not counted.negatives.any():
        return [Interval(nan, nan) for _ in statistics]
    found = [
        [statistic(resample) for statistic in statistics]
        for resample in _resamples(counted, np.random.default_rng(seed), resamples)
    ]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(np.array(found), [tail, 1 - tail], axis=0)
    return [Interval(float(low[at]), float(high[at])) for at in range(len(statistics))]


def _resamples(counted: Tally, source: np.random.Generator, number: int) -> Iterator[Tally]:
    """Yield tallies over the same scores. One at a time: memory stays that of the sample."""
    positives, negatives = _places(counted.positives), _places(counted.negatives)
    for _ in range(number):
        yield Tally(
            counted.scores,
            _drawn(positives, len(counted.scores), source),
            _drawn(negatives, len(counted.scores), source),
        )


def _places(counts: Floats) -> NDArray[np.int32]:
    """Return where each comment's score stands in the tally."""
    return np.repeat(np.arange(len(counts), dtype=np.int32), counts.astype(np.intp))


def _drawn(places: NDArray[np.int32], size: int, source: np.random.Generator) -> Floats:
    draws = source.integers(len(places), size=len(places), dtype=np.int32)
    return np.bincount(places[draws], minlength=size).astype(np.float64)
