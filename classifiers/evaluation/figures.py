"""The four pictures of one label: precision and recall, ROC, calibration, scores by class."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from classifiers.evaluation.evaluating import LabelResult
from classifiers.evaluation.metrics import (
    Confusion,
    Floats,
    Rate,
    precision_recall_curve,
    roc_curve,
    weights_at,
)
from classifiers.evaluation.plots import (
    INNER_WIDTH,
    Bar,
    Dot,
    Figure,
    Stroke,
    across,
    dot,
    path,
    upwards,
    y_ticks,
)
from classifiers.evaluation.wording import number, percent, rate

MOST_POINTS = 200
"""Of a curve: more than a screen shows."""

THRESHOLDS = [step / 20 for step in range(1, 20)]
BINS = 20

Axes = Callable[[Confusion], tuple[Rate, Rate]]
"""Which rates of a confusion stand on the x axis and on the y axis."""


def figures(result: LabelResult) -> Sequence[Figure]:
    """Draw one label; nothing where one of the classes is missing."""
    if not result.positives or not result.negatives:
        return ()
    return (_precision_recall(result), _roc(result), _calibration(result), _histogram(result))


def spread(positions: Floats) -> NDArray[np.intp]:
    """Return some places, evenly spread over growing positions, the first and last among them."""
    wanted = np.linspace(positions[0], positions[-1], MOST_POINTS)
    return np.unique(np.searchsorted(positions, wanted))


def _precision_recall(result: LabelResult) -> Figure:
    recalls, precisions = precision_recall_curve(result.counted)
    shown = spread(recalls)
    points = [(0.0, precisions[0]), *zip(recalls[shown], precisions[shown], strict=True)]
    share = result.positives / (result.positives + result.negatives)
    dots = _at_threshold(result, lambda made: (made.recall, made.precision))
    return Figure(
        name="pr",
        title="Precision and recall",
        says=f"Precision falls from {number(float(precisions[0]))} to {number(share)} as recall "
        f"grows to 1; average precision {number(result.average_precision.value)}.",
        x_title="recall: share of positives that are found",
        y_title="precision",
        strokes=[
            Stroke(path([(0, share), (1, share)]), "chance"),
            Stroke(path(points), "curve"),
        ],
        dots=dots,
        legend=_legend(result, dots, f"chance: {percent(share)} % are positive"),
        columns=("threshold", "precision", "recall"),
        rows=[
            (f"{threshold:.2f}", _share(made.precision), _share(made.recall))
            for threshold, made in _confusions(result)
        ],
    )


def _roc(result: LabelResult) -> Figure:
    false, found = roc_curve(result.counted)
    shown = spread(false + found)
    dots = _at_threshold(result, lambda made: (made.false_positive_rate, made.recall))
    return Figure(
        name="roc",
        title="ROC curve",
        says=f"Recall against the false-positive rate; the area under the curve is "
        f"{number(result.auc.value)}, where chance has 0.5.",
        x_title="false-positive rate",
        y_title="recall",
        strokes=[
            Stroke(path([(0, 0), (1, 1)]), "chance"),
            Stroke(path(zip(false[shown], found[shown], strict=True)), "curve"),
        ],
        dots=dots,
        legend=_legend(result, dots, "chance"),
        columns=("threshold", "false-positive rate", "recall"),
        rows=[
            (f"{threshold:.2f}", _share(made.false_positive_rate), _share(made.recall))
            for threshold, made in _confusions(result)
        ],
    )


def _calibration(result: LabelResult) -> Figure:
    return Figure(
        name="calibration",
        title="Calibration",
        says="Share of positives among comments of about the same score; the expected calibration "
        f"error is {number(result.calibration_error)}.",
        x_title="mean score of the comments in a bin",
        y_title="share of positives",
        strokes=[Stroke(path([(0, 0), (1, 1)]), "chance")],
        dots=[
            dot(each.mean_score, each.positives.share, "bin", interval.low, interval.high)
            for each in result.bins
            if (interval := each.positives.interval)
        ],
        legend=[("bin", "found, with 95 % interval"), ("chance", "score and share are the same")],
        columns=("scores", "comments", "mean score", "share of positives"),
        rows=[
            (
                f"{each.low:.2f} to {each.high:.2f}",
                f"{each.positives.of:,}",
                number(each.mean_score),
                rate(each.positives),
            )
            for each in result.bins
        ],
    )


def _histogram(result: LabelResult) -> Figure:
    positives = _shares(result.counted.scores, result.counted.positives)
    negatives = _shares(result.counted.scores, result.counted.negatives)
    # A fifth, two fifths, …, whose quarters are numbers that people read.
    highest = float(np.ceil(5 * max(positives.max(), negatives.max())) / 5)
    return Figure(
        name="histogram",
        title="Scores of positives and negatives",
        says="How the scores of the positive and of the negative comments spread from 0 to 1.",
        x_title="score",
        y_title="share of the class",
        y_ticks=y_ticks(highest, parts=4),
        bars=[*_bars(negatives, highest, "negative"), *_bars(positives, highest, "positive")],
        legend=[
            ("negative", f"{result.negatives:,} negatives"),
            ("positive", f"{result.positives:,} positives"),
        ],
        columns=("scores", "negatives", "positives"),
        rows=[
            (
                f"{at / BINS:.2f} to {(at + 1) / BINS:.2f}",
                f"{percent(negatives[at])} %",
                f"{percent(positives[at])} %",
            )
            for at in range(BINS)
        ],
    )


def _shares(scores: Floats, counts: Floats) -> Floats:
    places = np.minimum((scores * BINS).astype(np.intp), BINS - 1)
    shares: Floats = weights_at(places, counts, BINS) / counts.sum()
    return shares


def _bars(shares: Floats, highest: float, kind: str) -> list[Bar]:
    """Draw one class: negatives in the left half of each bin, positives in the right one."""
    half = INNER_WIDTH / BINS / 2 - 0.5
    moved = 0.0 if kind == "negative" else half
    floor = upwards(0.0)
    return [
        # One unit at least, so that a single comment can be seen.
        Bar(
            round(across(at / BINS) + 0.5 + moved, 1),
            (top := min(upwards(share, highest), floor - 1)),
            round(half, 1),
            round(floor - top, 1),
            kind,
        )
        for at, share in enumerate(shares)
        if share
    ]


def _at_threshold(result: LabelResult, rates: Axes) -> list[Dot]:
    if result.at_threshold is None:
        return []
    x, y = rates(result.at_threshold)
    return [dot(x.share, y.share, "threshold")] if x.of and y.of else []


def _legend(result: LabelResult, dots: Sequence[Dot], chance: str) -> list[tuple[str, str]]:
    policy = [("threshold", f"threshold {result.threshold:g}")] if dots else []
    return [("curve", "every threshold"), *policy, ("chance", chance)]


def _confusions(result: LabelResult) -> list[tuple[float, Confusion]]:
    return [(threshold, result.counted.confusion(threshold)) for threshold in THRESHOLDS]


def _share(found: Rate) -> str:
    return number(found.share)
