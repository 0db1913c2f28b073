"""Recall corrected by the audit: known answers, and that intervals hold the truth."""

from datetime import date

import numpy as np
import pytest

from moderation.model.audits import SampleState, probability
from moderation.model.classification import Facts
from moderation.model.corrected import AuditedSample, Corrected, Stopped, correct
from moderation.model.decisions import Action
from moderation.model.estimates import Estimate, share_of
from moderation.model.labels import Label
from moderation.model.miss_rates import Weighed, weigh
from moderation.model.policy import Policy, Threshold
from moderation.model.simulation import Comparison, FactClass

KEPT, MISSED, OPEN = SampleState.KEPT, SampleState.MISSED, SampleState.OPEN
MONDAY = date(2026, 11, 2)


def policy(line: float) -> Policy:
    return Policy("c@1", {Label.INSULT: Threshold(line)})


BOTH = Comparison(policy(0.8), policy(0.6))


def of(score: float, number: int = 1, rejected: bool | None = None) -> FactClass:  # noqa: FBT001 - what people said
    facts = Facts("c@1", {Label.INSULT: score})
    return FactClass((int(score * 1000), None, "c@1"), facts, number, rejected=rejected)


def flagged(score: float, number: int, rejected: bool | None) -> Stopped:  # noqa: FBT001 - what people said
    return Stopped(Action.FLAG, of(score, number, rejected))


def samples(
    score: float, kept: int, missed: int, chance: float = 0.01
) -> list[Weighed[AuditedSample]]:
    return weigh(
        AuditedSample(MONDAY, chance, state, of=of(score))
        for state, number in ((KEPT, kept), (MISSED, missed))
        for _ in range(number)
    )


def test_what_was_approved_and_would_be_rejected_counts_by_its_chance() -> None:
    """Of 10,000 approved 1 % is missed; all 200 flagged were judged, and half of them rejected."""
    stopped = [flagged(0.9, 100, rejected=True), flagged(0.9, 100, rejected=False)]
    found = correct(BOTH, [of(0.1, 10_000), of(0.9, 200)], stopped, samples(0.1, 99, 1))
    assert (found.samples, found.looked_at, found.needed, found.unknown) == (100, 200, 0, 0)
    assert found.live is not None
    assert found.live.stops.about == pytest.approx(100)
    assert found.live.misses.about == pytest.approx(100)
    assert found.live.rejectable.about == pytest.approx(200)
    share = found.live.share
    assert share is not None
    assert share.about == pytest.approx(0.5)
    assert 0.1 < share.low < 0.2
    assert 0.8 < share.high < 0.9
    missed = found.of_a_thousand(found.live.misses)
    assert missed.about == pytest.approx(1000 * 100 / 10_200)


def test_a_draft_stops_the_samples_that_its_lines_reach() -> None:
    """A tenth of what is approved lies between the lines, and there 1 of 10 is bad."""
    classes = [of(0.1, 9_000), of(0.7, 1_000), of(0.9, 100)]
    weighed = samples(0.1, 90, 0) + samples(0.7, 9, 1)
    found = correct(BOTH, classes, [flagged(0.9, 100, rejected=True)], weighed)
    assert found.live is not None
    assert found.draft is not None
    assert found.live.misses.about == pytest.approx(100)
    assert found.draft.misses.about == 0.0
    assert found.draft.misses.high > 0.0
    assert found.draft.stops.about == pytest.approx(200)
    higher = Comparison(policy(0.8), policy(0.95))
    found = correct(higher, classes, [flagged(0.9, 100, rejected=True)], weighed)
    assert found.draft is not None
    assert (found.draft.stops.about, found.draft.misses.about) == (0.0, pytest.approx(200))


def test_what_nobody_has_judged_yet_is_stood_for_by_its_like() -> None:
    stopped = [flagged(0.9, 50, rejected=True), flagged(0.9, 50, rejected=None)]
    found = correct(BOTH, [of(0.1, 1_000), of(0.9, 100)], stopped, samples(0.1, 50, 0))
    assert found.live is not None
    assert found.live.stops.about == pytest.approx(100)


def test_what_was_rejected_without_a_person_is_left_out_and_said() -> None:
    stopped = [
        flagged(0.9, 100, rejected=True),
        Stopped(Action.REJECT, of(0.99, 40)),
        Stopped(Action.REJECT, of(0.99, 10, rejected=True)),
    ]
    found = correct(BOTH, [of(0.1, 1_000), of(0.9, 150)], stopped, samples(0.1, 45, 5))
    assert (found.unknown, found.looked_at) == (40, 110)
    assert found.live is not None
    # None of them is taken for one that was approved.
    assert found.live.stops.about == pytest.approx(110)
    assert found.live.misses.about == pytest.approx(100)


@pytest.mark.parametrize(("kept", "looked", "needed"), [(49, 100, (1, 0)), (50, 19, (0, 1))])
def test_on_too_few_nothing_is_told_but_how_many_are_needed(
    kept: int, looked: int, needed: tuple[int, int]
) -> None:
    stopped = [flagged(0.9, looked, rejected=True), flagged(0.9, 5, rejected=None)]
    found = correct(BOTH, [of(0.1, 1_000), of(0.9, 105)], stopped, samples(0.1, kept, 0))
    assert (found.needed, found.needed_looks) == needed
    assert (found.live, found.draft) == (None, None)


def test_where_nothing_was_stopped_nobody_has_to_look() -> None:
    found = correct(BOTH, [of(0.1, 1_000)], [], samples(0.1, 45, 5))
    assert found.live is not None
    assert found.live.share == Estimate(0.0, 0.0, 0.0)


def test_shares_of_estimates_keep_to_what_they_are_made_of() -> None:
    exact = share_of(Estimate(30, 30, 30), Estimate(10, 10, 10))
    assert exact == Estimate(0.75, pytest.approx(0.75), pytest.approx(0.75))  # type: ignore[arg-type]
    none_missed = share_of(Estimate(30, 30, 30), Estimate(0, 0, 90))
    assert none_missed == Estimate(1.0, pytest.approx(0.25), 1.0)  # type: ignore[arg-type]
    assert share_of(Estimate(0, 0, 10), Estimate(5, 5, 5)) == Estimate(
        0.0,
        0.0,
        pytest.approx(2 / 3),  # type: ignore[arg-type]
    )
    assert share_of(Estimate(0, 0, 5), Estimate(0, 0, 5)) is None


@pytest.mark.parametrize("draft", [0.6, 0.9])
def test_intervals_hold_the_truth_in_19_of_20_periods(draft: float) -> None:
    """Sites of every size and in all states, whose chances and queues change from week to week."""
    draw, runs = np.random.default_rng(int(draft * 100)), 2_000
    held, told = np.zeros(4), 0
    for _ in range(runs):
        found = _holds(draw, draft)
        if found is not None:
            held, told = held + found, told + 1
    assert told > runs / 2
    assert (held / told >= 0.94).all(), held / told


LIVE = 0.8
CELLS = (0.1, 0.7, 0.85, 0.99)
"""Below both lines, between, and over both, whichever of the two is the draft's."""


def _holds(draw: np.random.Generator, draft: float) -> np.ndarray | None:
    """Say of both policies whether the intervals of share and of misses hold what is true."""
    usual, queue = 10 ** draw.uniform(2.5, 4.0), draw.choice([0.6, 0.9, 1.0])
    shares = draw.dirichlet([40, 2, 1, 1])
    bad = draw.uniform([0.001, 0.01, 0.1, 0.3], [0.02, 0.2, 0.6, 0.9])
    numbers, rejectable = np.zeros(4, int), np.zeros(4, int)
    chosen: list[AuditedSample] = []
    for week in range(4):
        comments = draw.multinomial(int(usual * draw.uniform(0.4, 2.5)) + 5, shares)
        wrong = draw.binomial(comments, bad)
        chosen += _sampled(draw, week, comments, wrong)
        numbers, rejectable = numbers + comments, rejectable + wrong
    stopped = [
        flagged(cell, int(number), said)
        for cell, right, wrong in zip(CELLS, numbers - rejectable, rejectable, strict=True)
        if cell >= LIVE
        for said, number in _looked_at(draw, int(right), int(wrong), queue)
    ]
    classes = [of(cell, int(number)) for cell, number in zip(CELLS, numbers, strict=True)]
    found = correct(Comparison(policy(LIVE), policy(draft)), classes, stopped, weigh(chosen))
    if found.live is None or found.draft is None:
        return None
    over = [np.array(CELLS) >= line for line in (LIVE, draft)]
    sides = zip((found.live, found.draft), over, strict=True)
    return np.array([ok for one, o in sides for ok in _held(one, rejectable[o], rejectable[~o])])


def _sampled(
    draw: np.random.Generator, week: int, comments: np.ndarray, wrong: np.ndarray
) -> list[AuditedSample]:
    """Choose some of what the policy in force approves, and let people judge a part of that."""
    chance = probability(0.01, comments.sum() / 7 * draw.uniform(0.5, 2.0))
    judged = draw.choice([0.4, 0.8, 1.0])
    day = date.fromordinal(MONDAY.toordinal() + 7 * week)
    return [
        AuditedSample(day, chance, state if draw.random() < judged else OPEN, of=of(cell))
        for place, cell in enumerate(CELLS)
        if cell < LIVE
        for state, many in ((KEPT, comments[place] - wrong[place]), (MISSED, wrong[place]))
        for _ in range(draw.binomial(many, chance))
    ]


def _looked_at(
    draw: np.random.Generator, right: int, wrong: int, queue: float
) -> list[tuple[bool | None, int]]:
    kept, rejected = draw.binomial(right, queue), draw.binomial(wrong, queue)
    return [(False, kept), (True, rejected), (None, right + wrong - kept - rejected)]


def _held(side: Corrected, stops: np.ndarray, misses: np.ndarray) -> tuple[bool, bool]:
    share, many, missed = side.share, int(stops.sum()), int(misses.sum())
    true = many / (many + missed) if many + missed else None
    holds = true is None or share is None or share.low - 1e-9 <= true <= share.high + 1e-9
    return holds, side.misses.low - 1e-9 <= missed <= side.misses.high + 1e-9
