from math import nan

import pytest

from classifiers.evaluation.evaluating import Estimate
from classifiers.evaluation.metrics import Interval, Rate
from classifiers.evaluation.wording import NOTHING, estimate, percent, rate


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.0, "0"),
        (0.0058, "0.58"),
        (0.023, "2.3"),
        (0.7563, "76"),
        (0.953, "95"),
        (0.9972, "99.7"),
        (1.0, "100"),
    ],
)
def test_a_share_has_more_digits_near_its_ends(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_a_figure_stands_with_its_interval() -> None:
    assert rate(Rate(481, 636)) == "76 % (72 to 79)"
    assert estimate(Estimate(0.97, Interval(0.9614, 0.978))) == "0.970 (0.961 to 0.978)"


def test_what_has_no_value_is_a_dash() -> None:
    nothing = Interval(nan, nan)
    assert rate(Rate(0, 0)) == estimate(Estimate(nan, nothing)) == NOTHING
    assert estimate(Estimate(0.5, nothing)) == "0.500"
