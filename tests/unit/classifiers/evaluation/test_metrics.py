"""Measures against what can be counted by hand, and against their definitions."""

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evaluation.metrics import (
    Confusion,
    Rate,
    average_precision,
    brier_score,
    confusion,
    precision_recall_curve,
    roc_auc,
    roc_curve,
    tally,
)

Scored = list[tuple[float, bool]]

# Few distinct scores, so that ties are common.
SCORED = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0]), st.booleans()), min_size=1
)
BOTH = SCORED.filter(lambda scored: len({label for _, label in scored}) == 2)


def auc(scored: Scored) -> float:
    return roc_auc(tally(*zip(*scored, strict=True)))


def precision(scored: Scored) -> float:
    return average_precision(tally(*zip(*scored, strict=True)))


@pytest.mark.parametrize(
    ("scored", "expected"),
    [
        # Of four pairs of a positive and a negative three are in order.
        ([(0.1, False), (0.4, False), (0.35, True), (0.8, True)], 0.75),
        ([(0.5, True), (0.5, False)], 0.5),
        ([(0.9, True), (0.5, True), (0.5, False), (0.1, False)], 0.875),
        ([(0.9, False), (0.1, True)], 0.0),
    ],
)
def test_auc_is_the_share_of_pairs_in_order(scored: Scored, expected: float) -> None:
    assert auc(scored) == pytest.approx(expected)


@given(BOTH)
def test_auc_compares_each_positive_with_each_negative(scored: Scored) -> None:
    positives = [score for score, label in scored if label]
    negatives = [score for score, label in scored if not label]
    won = sum((a > b) + (a == b) / 2 for a in positives for b in negatives)
    assert auc(scored) == pytest.approx(won / len(positives) / len(negatives))


@given(BOTH)
def test_auc_sees_the_order_alone(scored: Scored) -> None:
    squeezed = [(score**3 / 7, label) for score, label in scored]
    turned = [(1 - score, label) for score, label in scored]
    assert auc(squeezed) == pytest.approx(auc(scored))
    assert auc(turned) == pytest.approx(1 - auc(scored))


@pytest.mark.parametrize(
    ("scored", "expected"),
    [
        # Precision 1 at the first positive, 2/3 at the second.
        ([(0.1, False), (0.4, False), (0.35, True), (0.8, True)], 5 / 6),
        ([(0.5, True), (0.5, False)], 0.5),
        ([(0.9, False), (0.1, True)], 0.5),
    ],
)
def test_average_precision_is_the_mean_at_each_positive(scored: Scored, expected: float) -> None:
    assert precision(scored) == pytest.approx(expected)


@given(BOTH)
def test_average_precision_adds_up_recall_times_precision(scored: Scored) -> None:
    scores, labels = (np.array(column) for column in zip(*scored, strict=True))
    total, recall = 0.0, 0.0
    for threshold in sorted(set(scores), reverse=True):
        made = confusion(scores >= threshold, labels)
        total += (made.recall.share - recall) * made.precision.share
        recall = made.recall.share
    assert precision(scored) == pytest.approx(total)


def test_the_figures_are_those_that_others_get() -> None:
    numbers = np.arange(500)
    labels = numbers**2 % 11 < 3
    scores = (numbers * 37 % 101 + 20 * labels) / 120
    counted = tally(scores, labels)
    # scikit-learn 1.9.1: roc_auc_score, average_precision_score, brier_score_loss.
    assert roc_auc(counted) == pytest.approx(0.6856387364018419)
    assert average_precision(counted) == pytest.approx(0.5281482631854891)
    assert brier_score(scores, labels) == pytest.approx(0.23053319444444445)


@pytest.mark.parametrize("label", [True, False])
def test_one_class_alone_has_no_auc(label: bool) -> None:  # noqa: FBT001 - a parameter
    assert isnan(auc([(0.3, label), (0.4, label)]))


def test_without_positives_there_is_no_precision() -> None:
    assert isnan(precision([(0.3, False)]))
    assert isnan(brier_score([], []))


@given(SCORED, st.floats(0, 1))
def test_a_threshold_counts_every_comment_once(scored: Scored, threshold: float) -> None:
    scores, labels = (np.array(column) for column in zip(*scored, strict=True))
    made = tally(scores, labels).confusion(threshold)
    assert made == confusion(scores >= threshold, labels)
    assert made.recall.of + made.false_positive_rate.of == len(scored)


def test_a_score_at_the_threshold_is_over_it() -> None:
    assert tally([0.8, 0.8, 0.7], [1, 0, 1]).confusion(0.8) == Confusion(1, 1, 1, 0)


def test_precision_recall_and_false_positive_rate_are_shares_of_different_things() -> None:
    made = Confusion(true_positives=6, false_positives=2, false_negatives=4, true_negatives=18)
    assert (made.precision, made.recall, made.false_positive_rate) == (
        Rate(6, 8),
        Rate(6, 10),
        Rate(2, 20),
    )


def test_curves_go_through_every_threshold() -> None:
    counted = tally([0.9, 0.8, 0.8, 0.1], [1, 1, 0, 0])
    false, found = roc_curve(counted)
    assert (false.tolist(), found.tolist()) == ([0, 0, 0.5, 1], [0, 0.5, 1, 1])
    recalls, precisions = precision_recall_curve(counted)
    assert recalls.tolist() == [0.5, 1]
    assert precisions.tolist() == pytest.approx([1, 2 / 3])


@given(BOTH)
def test_the_area_under_the_roc_curve_is_the_auc(scored: Scored) -> None:
    false, found = roc_curve(tally(*zip(*scored, strict=True)))
    assert np.trapezoid(found, false) == pytest.approx(auc(scored))


@pytest.mark.parametrize(
    ("found", "low", "high"),
    [
        (Rate(8, 10), 0.4902, 0.9433),
        (Rate(0, 20), 0.0, 0.1611),
        (Rate(20, 20), 0.8389, 1.0),
        (Rate(481, 636), 0.7214, 0.7881),
    ],
)
def test_shares_have_the_interval_that_wilson_gives(found: Rate, low: float, high: float) -> None:
    assert found.interval.low == pytest.approx(low, abs=5e-5)
    assert found.interval.high == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 10**9).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share(found: tuple[int, int]) -> None:
    rate = Rate(*found)
    assert 0 <= rate.interval.low <= rate.share <= rate.interval.high <= 1


def test_nothing_of_nothing_is_no_share() -> None:
    assert repr(Rate(0, 0).share) == repr(nan)
    assert isnan(Rate(0, 0).interval.high)


def test_the_brier_score_is_a_mean_square() -> None:
    assert brier_score([0.9, 0.2, 0.5], [1, 0, 0]) == pytest.approx((0.01 + 0.04 + 0.25) / 3)
