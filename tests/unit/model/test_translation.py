"""Which threshold of one classifier stands for that of another, from comments that both scored."""

from math import comb, nan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.errors import InvalidInput
from moderation.model.translation import FEW, Overlap, Translation, translate

# Few distinct scores, so that ties are common.
SCORE = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0]) | st.floats(0, 1)
PAIRS = st.lists(st.tuples(SCORE, SCORE), min_size=1, max_size=60)

OLD = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9]
NEW = [0.0, 0.3, 0.1, 0.2, 0.5, 0.6]


def translated(pairs: list[tuple[float, float]], threshold: float) -> Translation:
    old, new = zip(*pairs, strict=True)
    return translate(old, new, threshold)


@pytest.mark.parametrize(
    ("threshold", "same", "overlap", "best", "best_overlap"),
    [
        (0.9, 0.6, Overlap(1, 0, 0, 5), 0.6, Overlap(1, 0, 0, 5)),
        (0.75, 0.5, Overlap(2, 0, 0, 4), 0.5, Overlap(2, 0, 0, 4)),
        # The comment with .7 now stands below one with .2.
        (0.7, 0.3, Overlap(2, 1, 1, 2), 0.2, Overlap(3, 0, 1, 2)),
        (0.25, 0.2, Overlap(3, 1, 1, 1), 0.1, Overlap(4, 0, 1, 1)),
        (0.1, 0.0, Overlap(6, 0, 0, 0), 0.0, Overlap(6, 0, 0, 0)),
        (0.95, None, Overlap(0, 0, 0, 6), None, Overlap(0, 0, 0, 6)),
    ],
)
def test_as_many_are_flagged_or_the_same_ones(
    threshold: float,
    same: float | None,
    overlap: Overlap,
    best: float | None,
    best_overlap: Overlap,
) -> None:
    found = translate(OLD, NEW, threshold)
    assert (found.threshold, found.overlap) == (same, overlap)
    assert (found.best_threshold, found.best_overlap) == (best, best_overlap)


def test_figures_are_shares_of_all_comments() -> None:
    found = translate(OLD, NEW, 0.7)
    assert (found.comments, found.flagged, found.share) == (6, 3, 0.5)
    assert found.agreement == pytest.approx(4 / 6)
    assert found.overlap.positive_agreement == pytest.approx(2 / 3)
    assert found.best_overlap.positive_agreement == pytest.approx(6 / 7)


def test_what_ties_is_flagged_with_the_rest() -> None:
    found = translate([0.9, 0.1, 0.1, 0.1], [0.5, 0.5, 0.5, 0.2], 0.8)
    assert (found.threshold, found.overlap) == (0.5, Overlap(1, 0, 2, 1))


def test_where_all_tie_there_is_no_other_threshold() -> None:
    found = translate([0.9] * 20 + [0.1] * 20, [0.5] * 40, 0.8)
    assert (found.low, found.threshold, found.high) == (0.5, 0.5, 0.5)


def test_of_equal_agreement_the_threshold_that_flags_least_is_best() -> None:
    # At .6 one comment is missed and at .2 two are flagged for nothing: 2 of 3, and 4 of 6.
    found = translate([0.9, 0.9, 0.1, 0.1], [0.6, 0.2, 0.4, 0.3], 0.8)
    assert found.best_threshold == 0.6
    assert found.best_overlap.positive_agreement == Overlap(2, 0, 2, 0).positive_agreement


@pytest.mark.parametrize(
    ("flagged", "low", "high"),
    [
        # Both sort alike, so whatever one flags more is flagged by it alone. A coin shows five
        # heads of five in 1 of 32 tries, six of six in 1 of 64: only that is rarer than 1 in 40.
        (0, 0.94, 1.0),
        (50, 0.44, 0.55),
        (100, 0.0, 0.05),
    ],
)
def test_the_interval_ends_where_chance_does(flagged: int, low: float, high: float) -> None:
    scores = [number / 100 for number in range(100)]
    old = [float(number >= 100 - flagged) for number in range(100)]
    found = translate(old, scores, 0.5)
    assert (found.low, found.high) == (low, high)


def refused(more: int, fewer: int) -> bool:
    """Say whether a fair coin shows so many more heads in less than one of forty tries."""
    throws = more + fewer
    return sum(comb(throws, heads) for heads in range(more, throws + 1)) / 2**throws <= 0.025


@given(PAIRS, SCORE)
def test_the_interval_holds_what_mcnemars_exact_test_does_not_refuse(
    pairs: list[tuple[float, float]], threshold: float
) -> None:
    found = translated(pairs, threshold)
    # An end of 0 may be a score or no bound at all.
    for candidate in {new for _, new in pairs} - {0.0}:
        flags = [(old >= threshold, new >= candidate) for old, new in pairs]
        only_old, only_new = flags.count((True, False)), flags.count((False, True))
        holds = found.low < candidate <= found.high
        assert holds != (refused(only_old, only_new) or refused(only_new, only_old))


@pytest.mark.parametrize(
    ("only_old", "only_new", "high"),
    # The chances are .02505, .02490 and .02522; the line is at .025.
    [(22, 10, 0.8), (42, 25, 0.2), (63, 42, 0.8)],
)
def test_near_the_line_the_chance_is_exact(only_old: int, only_new: int, high: float) -> None:
    old = [0.9] * only_old + [0.1] * only_new
    new = [0.2] * only_old + [0.8] * only_new
    assert translate(old, new, 0.5).high == high


def test_few_flagged_comments_are_called_few() -> None:
    scores = [number / 100 for number in range(100)]
    assert not translate(scores, scores, (100 - FEW) / 100).few
    assert translate(scores, scores, (101 - FEW) / 100).few


@given(PAIRS, SCORE)
def test_scores_translate_to_themselves(pairs: list[tuple[float, float]], threshold: float) -> None:
    scores = [old for old, _ in pairs]
    found = translate(scores, scores, threshold)
    assert found.overlap.only_old == found.overlap.only_new == 0
    assert found.threshold == found.best_threshold
    assert found.threshold == min((score for score in scores if score >= threshold), default=None)


@given(PAIRS, SCORE)
def test_a_threshold_is_carried_exactly_along_a_growing_curve(
    pairs: list[tuple[float, float]], threshold: float
) -> None:
    # Ranks, for a formula might round two scores to one.
    scores = [old for old, _ in pairs]
    places = {score: at for at, score in enumerate(sorted(set(scores)))}
    moved = [(places[score] + 1) / (len(places) + 1) for score in scores]
    found = translate(scores, moved, threshold)
    assert found.agreement == 1.0
    assert found.low <= (found.threshold or 1.0) <= found.high


@given(PAIRS, SCORE, st.randoms(use_true_random=False))
def test_the_order_of_comments_does_not_matter(
    pairs: list[tuple[float, float]], threshold: float, source: Random
) -> None:
    mixed = source.sample(pairs, len(pairs))
    assert translated(mixed, threshold) == translated(pairs, threshold)


@given(PAIRS, SCORE)
def test_no_threshold_agrees_better_than_the_best(
    pairs: list[tuple[float, float]], threshold: float
) -> None:
    found = translated(pairs, threshold)
    assert (found.threshold is None) == (found.flagged == 0)
    for candidate in {new for _, new in pairs}:
        flags = [(old >= threshold, new >= candidate) for old, new in pairs]
        both = flags.count((True, True))
        of = 2 * both + flags.count((True, False)) + flags.count((False, True))
        assert 2 * both / of <= found.best_overlap.positive_agreement if of else True


@given(PAIRS, SCORE)
def test_as_many_are_flagged_and_more_only_where_scores_tie(
    pairs: list[tuple[float, float]], threshold: float
) -> None:
    found = translated(pairs, threshold)
    if found.threshold is None:
        return
    new = [score for _, score in pairs]
    assert sum(score > found.threshold for score in new) < found.flagged
    assert sum(score >= found.threshold for score in new) >= found.flagged
    assert found.low <= found.threshold <= found.high


def test_the_interval_covers_what_is_true() -> None:
    """Two classifiers that err alike: of all comments each flags as many at each threshold."""
    source, covered, width, rounds = Random(5), 0, 0.0, 500  # noqa: S311 - no secret
    for _ in range(rounds):
        truths = [source.random() for _ in range(300)]
        old, new = ([(3 * truth + source.random()) / 4 for truth in truths] for _ in range(2))
        found = translate(old, new, 0.7)
        covered += found.low < 0.7 <= found.high
        width += (found.high - found.low) / rounds
    # Exact tests keep what they promise; these are a little wider than they need be.
    assert 0.95 * rounds <= covered < 0.995 * rounds
    assert width < 0.12


@pytest.mark.parametrize(
    ("old", "new", "threshold", "complaint"),
    [
        ([], [], 0.5, "no scores"),
        ([0.1], [0.1, 0.2], 0.5, "1 old scores and 2 new ones"),
        ([nan], [0.1], 0.5, "between 0 and 1"),
        ([0.1], [nan], 0.5, "between 0 and 1"),
        ([0.1], [0.1], nan, "between 0 and 1"),
        ([1.1], [0.1], 0.5, "between 0 and 1"),
        ([0.1], [-0.1], 0.5, "between 0 and 1"),
    ],
)
def test_what_cannot_be_translated_is_refused(
    old: list[float], new: list[float], threshold: float, complaint: str
) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        translate(old, new, threshold)


def test_a_hundred_thousand_comments_are_no_trouble() -> None:
    source = Random(5)  # noqa: S311 - no secret
    old = [source.random() for _ in range(100_000)]
    new = [source.random() for _ in range(100_000)]
    found = translate(old, new, 0.5)
    # One has nothing to do with the other, so only the shares are the same.
    assert found.agreement == pytest.approx(0.5, abs=0.01)
    assert found.low < 0.5 < found.high < found.low + 0.02
