"""The report: whole in itself, the same for those who do not see it, and nobody's words in it."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evaluation import plots
from classifiers.evaluation.evaluating import (
    LabelResult,
    Sample,
    evaluate_groups,
    evaluate_label,
)
from classifiers.evaluation.examples import worst_examples
from classifiers.evaluation.figures import figures
from classifiers.evaluation.report import Report, render
from moderation.model.labels import Label
from tests.pages import Page, corners_of
from tests.stateful import profile

HOSTILE = "<script>alert('&')</script>"


def sample(scores: list[float], truth: list[int], groups: list[str] | None = None) -> Sample:
    return Sample(
        scores={Label.INSULT: np.array(scores)},
        truth={Label.INSULT: np.array(truth, dtype=np.int8)},
        held=np.array(scores) >= 0.5,
        groups=groups or [],
    )


SAMPLE = sample([0.1, 0.3, 0.6, 0.9, 0.7], [0, 0, 1, 1, -1], ["b", "b", HOSTILE, "b", ""])


def result(of: Sample = SAMPLE, threshold: float | None = 0.5) -> LabelResult:
    return evaluate_label(Label.INSULT, of, threshold, seed=1)


def report(*results: LabelResult) -> Report:
    return Report(
        file=f"{HOSTILE}.csv",
        classifier="compact@bb98569bc242",
        policy="a new site's first ones",
        made_at=datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
        seed=1,
        comments=5,
        skipped=0,
        unreadable=2,
        results=results,
        by="kind",
        groups={Label.INSULT: evaluate_groups(Label.INSULT, SAMPLE, 0.5)},
        thresholds={Label.INSULT: 0.5},
    )


def test_a_page_asks_nobody_for_anything() -> None:
    page = render(report(result()))
    assert page.startswith("<!doctype html>")
    assert not re.search(r"https?:|//|url\(|@import|<script|<link|<img|<iframe", page)
    addresses = [
        value
        for _, attributes in Page(page).tags
        for name, value in attributes.items()
        if name in {"href", "src", "xlink:href"}
    ]
    assert addresses == ["#insult"]
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def test_every_plot_has_a_name_and_a_table_that_says_the_same() -> None:
    tags = Page(render(report(result()))).tags
    plots_drawn = [attributes for tag, attributes in tags if attributes.get("role") == "img"]
    assert len(plots_drawn) == 4
    assert sum(tag == "details" for tag, _ in tags) == 4
    ids = Counter(attributes["id"] for _, attributes in tags if "id" in attributes)
    assert max(ids.values()) == 1
    named = [name for plot in plots_drawn for name in str(plot["aria-labelledby"]).split()]
    assert set(named) <= set(ids)


def test_what_comes_from_a_file_is_escaped() -> None:
    quoted = worst_examples(Label.INSULT, SAMPLE, lambda at: f"{HOSTILE} {at}")
    page = render(replace(report(result()), examples={Label.INSULT: quoted}))
    assert "<script" not in page
    # The name of the file twice, a group, and the four comments whose label is known.
    assert page.count("&lt;script&gt;alert(") == 7


def test_examples_are_the_worst_mistakes_and_the_worst_come_first() -> None:
    mixed = sample([0.9, 0.2, 0.6, 0.1, 0.99], [0, 1, 0, 1, -1])
    found = worst_examples(Label.INSULT, mixed, lambda at: f"comment {at}")
    assert [each.text for each in found.negatives] == ["comment 0", "comment 2"]
    assert [each.score for each in found.positives] == [0.1, 0.2]


@pytest.mark.parametrize("truth", [[0, 0], [1, 1], [-1, -1]])
def test_one_class_alone_is_reported_without_pictures(truth: list[int]) -> None:
    page = render(report(result(sample([0.2, 0.8], truth))))
    assert "nothing to draw" in page
    assert 'role="img"' not in page
    assert "nan" not in page


def test_a_label_that_flags_nothing_says_so() -> None:
    page = render(report(result(threshold=None)))
    assert "<td>nothing</td>" in page


def test_comments_of_unknown_truth_count_nowhere_but_in_groups() -> None:
    found = result()
    assert (found.positives, found.negatives) == (2, 2)
    groups = evaluate_groups(Label.INSULT, SAMPLE, 0.5)
    assert [(group.name, group.count, group.positives.of) for group in groups] == [
        ("", 1, 0),
        (HOSTILE, 1, 1),
        ("b", 3, 3),
    ]
    assert groups[2].mean_score == pytest.approx((0.1 + 0.3 + 0.9) / 3)
    assert groups[2].over is not None
    assert groups[2].over.count == 1
    assert (groups[1].by_policy.count, groups[2].by_policy.count) == (1, 1)


def test_the_whole_policy_is_counted_beside_the_label() -> None:
    everything = replace(SAMPLE, held=np.ones(5, dtype=np.bool_))
    found = result(everything, threshold=0.8)
    assert found.at_threshold is not None
    assert (found.at_threshold.true_positives, found.at_threshold.false_positives) == (1, 0)
    assert (found.by_policy.true_positives, found.by_policy.false_positives) == (2, 2)


def test_the_threshold_stands_where_its_rates_are() -> None:
    *_, roc, _, _ = figures(result(sample([0.1, 0.6, 0.4, 0.9], [0, 0, 1, 1])))
    [mark] = roc.dots
    assert (mark.x, mark.y) == (plots.across(0.5), plots.upwards(0.5))


@profile(25)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(-1, 1)), min_size=2).filter(
        lambda scored: {0, 1} <= {truth for _, truth in scored}
    )
)
def test_nothing_is_drawn_outside_of_its_frame(scored: list[tuple[float, int]]) -> None:
    scores, truth = (list(column) for column in zip(*scored, strict=True))
    for figure in figures(result(sample(scores, truth), threshold=0.5)):
        corners = corners_of(figure)
        assert corners
        for x, y in corners:
            assert plots.LEFT <= x <= plots.WIDTH - plots.RIGHT + 0.1
            assert plots.TOP <= y <= plots.HEIGHT - plots.BOTTOM + 0.1
