"""What is measured of two classifiers: the order of their scores, and the thresholds of both."""

from datetime import UTC, datetime
from math import isnan, tanh
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evaluation import plots
from classifiers.evaluation.metrics import Floats, tally
from classifiers.evaluation.translating import (
    LabelTranslation,
    best_threshold,
    rank_correlation,
    translate_label,
)
from classifiers.evaluation.translation_figures import SHADES, figures
from classifiers.evaluation.translation_report import TranslationReport, render
from classifiers.evaluation.translation_wording import best, same_share, warning
from classifiers.evaluation.wording import NOTHING
from moderation.model.labels import Label
from moderation.model.translation import translate
from tests.pages import Page, corners_of
from tests.stateful import profile

HOSTILE = "<script>alert('&')</script>"
SCORE = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0]) | st.floats(0, 1)
PAIRS = st.lists(st.tuples(SCORE, SCORE), min_size=1, max_size=60)


def arrays(pairs: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    old, new = zip(*pairs, strict=True)
    return np.array(old), np.array(new)


def translated(pairs: list[tuple[float, float]], *thresholds: float) -> LabelTranslation:
    return translate_label(Label.INSULT, HOSTILE, arrays(pairs), thresholds, seed=1)


def report(found: LabelTranslation) -> TranslationReport:
    made_at = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    return TranslationReport(f"{HOSTILE}.csv", HOSTILE, made_at, 1, 2, [found])


EVEN = [(at / 200, at / 200) for at in range(200)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([0.1, 0.2, 0.3, 0.4], [0.1, 0.11, 0.5, 0.9], 1.0),
        ([0.1, 0.2, 0.3, 0.4], [0.9, 0.5, 0.11, 0.1], -1.0),
        # Two ranks are off by one: 1 less 6 times 2 of 60.
        ([0.1, 0.2, 0.3, 0.4], [0.2, 0.1, 0.3, 0.4], 0.8),
        # Ranks of 1, 2.5, 2.5 and 4: 4.5 of the root of 4.5 times 5.
        ([0.1, 0.2, 0.2, 0.3], [0.1, 0.2, 0.3, 0.4], 0.9**0.5),
    ],
)
def test_the_correlation_is_that_of_ranks(
    old: list[float], new: list[float], expected: float
) -> None:
    assert rank_correlation(old, new).value == pytest.approx(expected)


def test_the_interval_is_that_of_bonett_and_wright() -> None:
    first, second = np.arange(103), np.arange(103)
    second[:60] = second[:60][::-1]
    found = rank_correlation(first, second)
    reach = 1.96 * ((1 + found.value**2 / 2) / 100) ** 0.5
    assert found.interval.low == pytest.approx(tanh(np.arctanh(found.value) - reach), abs=1e-4)
    assert found.interval.high == pytest.approx(tanh(np.arctanh(found.value) + reach), abs=1e-4)


@pytest.mark.parametrize(
    ("old", "new"), [([], []), ([0.5], [0.5]), ([0.5] * 9, [0.1, 0.2, 0.3] * 3)]
)
def test_where_all_are_equal_there_is_no_order(old: list[float], new: list[float]) -> None:
    assert isnan(rank_correlation(old, new).value)


@given(PAIRS, SCORE)
def test_the_best_threshold_of_a_tally_is_that_of_the_pairs(
    pairs: list[tuple[float, float]], threshold: float
) -> None:
    old, new = arrays(pairs)
    expected = translate(old.tolist(), new.tolist(), threshold).best_threshold
    if expected is not None:
        assert best_threshold(tally(new, old >= threshold)) == expected


def test_the_interval_of_the_best_threshold_holds_it() -> None:
    source = Random(7)  # noqa: S311 - no secret
    truths = [source.random() for _ in range(1_000)]
    pairs = [((3 * at + source.random()) / 4, (3 * at + source.random()) / 4) for at in truths]
    [row] = translated(pairs, 0.7).rows
    assert row.translation.best_threshold is not None
    assert 0.5 < row.best.low <= row.translation.best_threshold <= row.best.high < 0.85


def test_thresholds_are_written_with_what_is_known_of_them() -> None:
    half, few, none = translated(EVEN, 0.5, 0.9, 1.0).rows
    assert same_share(half) == "0.500 (0.470 to 0.525)"
    assert best(half).startswith("0.500 (0.500 to 0.5")
    # Any resample of these would say the same.
    assert best(few) == "0.900"
    assert same_share(none) == "above 0.970"
    assert best(none) == NOTHING


def test_it_is_said_in_words_where_too_few_are_flagged() -> None:
    assert warning(translated(EVEN, 0.5, 0.75)) is None
    said = warning(translated(EVEN, 0.5, 0.8, 0.9))
    assert said is not None
    assert "flagged for insult at 0.8, 0.9: fewer than 50." in said


def test_many_comments_in_one_place_are_darker_than_few() -> None:
    density, _ = figures(translated([(0.1, 0.1)] * 500 + [(0.9, 0.1)], 0.5))
    few, many = sorted(density.bars, key=lambda bar: -bar.x)
    assert (few.kind, many.kind) == ("shade-1", f"shade-{SHADES}")
    assert ("0.1 to 0.2", "500", "0.100", "0.100", "0.100") in density.rows
    assert sum(int(row[1]) for row in density.rows) == 501


def test_the_page_escapes_what_comes_from_a_file_and_draws_nothing_without_words() -> None:
    page = render(report(translated(EVEN, 0.5, 0.9)))
    assert "<script" not in page
    assert "&lt;script&gt;alert(" in page
    tags = Page(page).tags
    drawn = [attributes for tag, attributes in tags if attributes.get("role") == "img"]
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(drawn) == sum(tag == "details" for tag, _ in tags) == 2
    assert len(set(ids)) == len(ids)
    assert {name for plot in drawn for name in str(plot["aria-labelledby"]).split()} <= set(ids)


def test_a_page_of_one_comment_is_whole() -> None:
    page = render(report(translated([(0.5, 0.5)], 0.5, 0.9)))
    assert Page(page).tags
    assert "nan" not in page


def test_a_shade_has_a_colour() -> None:
    page = render(report(translated(EVEN, 0.5)))
    assert all(f".shade-{shade} {{" in page for shade in range(1, SHADES + 1))


@profile(25)
@given(PAIRS)
def test_nothing_is_drawn_outside_of_its_frame(pairs: list[tuple[float, float]]) -> None:
    for figure in figures(translated(pairs, 0.5)):
        for x, y in corners_of(figure):
            assert plots.LEFT <= x <= plots.WIDTH - plots.RIGHT + 0.1
            assert plots.TOP <= y <= plots.HEIGHT - plots.BOTTOM + 0.1
