"""Spearman's correlation; its figures are tested where `copydesk translate` takes them."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.correlation import rank_correlation

SCORE = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0]) | st.floats(0, 1)


@given(st.lists(st.tuples(SCORE, SCORE), min_size=4, max_size=40))
def test_it_does_not_depend_on_who_is_old_and_its_interval_holds_it(
    pairs: list[tuple[float, float]],
) -> None:
    old, new = zip(*pairs, strict=True)
    found, turned = rank_correlation(old, new), rank_correlation(new, old)
    if isnan(found.value):
        assert isnan(turned.value)
        assert len(set(old)) == 1 or len(set(new)) == 1
        return
    assert found.value == pytest.approx(turned.value)
    assert -1.0001 <= found.value <= 1.0001
    if not isnan(found.low):
        assert found.low <= found.value <= found.high
