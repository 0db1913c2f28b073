import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evaluation.calibration import calibration_bins, expected_calibration_error
from classifiers.evaluation.metrics import Rate

SCORED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1)


def test_the_error_is_the_weighted_distance_of_score_and_share() -> None:
    # Two bins: three comments of .2 with one positive, one comment of .9 with none.
    scores, labels = [0.2, 0.2, 0.2, 0.9], [0, 0, 1, 0]
    expected = 0.75 * abs(0.2 - 1 / 3) + 0.25 * 0.9
    assert expected_calibration_error(scores, labels, bins=2) == pytest.approx(expected)


def test_scores_that_are_shares_have_no_error() -> None:
    assert expected_calibration_error([0.25] * 4 + [0.75] * 4, [1, 0, 0, 0, 1, 1, 1, 0]) == 0.0


def test_scores_that_are_always_sure_and_wrong_have_all_of_it() -> None:
    assert expected_calibration_error([1.0, 0.0], [0, 1]) == 1.0
    assert np.isnan(expected_calibration_error([], []))


def test_a_bin_begins_with_its_lower_bound_and_the_last_one_holds_its_upper_one_too() -> None:
    found = calibration_bins([0.0, 0.49, 0.5, 1.0], [0, 1, 1, 1], bins=2)
    assert [(each.low, each.high, each.positives) for each in found] == [
        (0.0, 0.5, Rate(1, 2)),
        (0.5, 1.0, Rate(2, 2)),
    ]
    assert [each.mean_score for each in found] == pytest.approx([0.245, 0.75])


@given(SCORED)
def test_every_comment_is_in_one_bin(scored: list[tuple[float, bool]]) -> None:
    scores, labels = zip(*scored, strict=True)
    found = calibration_bins(scores, labels)
    assert sum(each.positives.of for each in found) == len(scored)
    assert sum(each.positives.count for each in found) == sum(labels)
    assert 0 <= expected_calibration_error(scores, labels) <= 1
