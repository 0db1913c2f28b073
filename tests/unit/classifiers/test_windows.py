"""A text of any length, cut so that every token is seen, and the highest score wins."""

import math
from itertools import pairwise

import pytest

from classifiers.windowed import highest
from classifiers.windows import encodable, spans
from moderation.model.labels import Label


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 200, 220, 221, 20_000])
def test_windows_cover_every_token_and_stay_in_size(length: int) -> None:
    cut = spans(length, 126, 32)
    seen = {token for span in cut for token in range(span.start, span.stop)}

    assert seen >= set(range(length))
    assert all(span.stop - span.start <= 126 for span in cut)
    assert cut[-1].stop == length


@pytest.mark.parametrize("length", [127, 200, 5000])
def test_neighbours_share_at_least_the_overlap(length: int) -> None:
    cut = spans(length, 126, 32)

    assert len(cut) > 1
    assert all(one.stop - two.start >= 32 for one, two in pairwise(cut))
    assert all(span.stop - span.start == 126 for span in cut)


def test_a_short_text_is_one_window() -> None:
    assert spans(126, 126, 32) == [slice(0, 126)]


def test_an_empty_text_is_one_empty_window() -> None:
    assert spans(0, 126, 32) == [slice(0, 0)]


def test_a_surrogate_pair_is_joined_and_a_lone_one_replaced() -> None:
    assert encodable("a\ud83e\udd2cb\ud800c") == "a\U0001f92cb\ufffdc"


def test_the_highest_score_of_each_label_wins() -> None:
    columns = (Label.TOXICITY, None, Label.THREAT)

    assert highest(columns, [(0.2, 0.9, 0.7), (0.8, 0.1, 0.1)]) == {
        Label.TOXICITY: 0.8,
        Label.THREAT: 0.7,
    }


@pytest.mark.parametrize("broken", [math.nan, math.inf, -0.1, 1.1])
def test_what_is_no_score_is_an_error_and_not_an_approval(broken: float) -> None:
    with pytest.raises(ArithmeticError):
        highest((Label.TOXICITY,), [(0.3,), (broken,)])


def test_a_column_without_a_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        highest((Label.TOXICITY,), [(0.3, 0.4)])
