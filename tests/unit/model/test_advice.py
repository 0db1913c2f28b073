"""Candidates from strict to lenient, and which of them does what is wished for."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.model.advice import Wish, WishKind, candidates, stopped_by, strictest
from moderation.model.circumstances import Circumstances
from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput
from moderation.model.labels import Label
from moderation.model.policy import OtherLanguages, Policy, Threshold, first_policy
from moderation.model.standings import Standing
from moderation.model.usual_days import usual_range
from moderation.model.verdicts import decide

POLICY = Policy(
    "c@1",
    {
        Label.INSULT: Threshold(0.8, 0.95),
        Label.THREAT: Threshold(0.5),
        Label.OBSCENE: Threshold(),
        Label.TOXICITY: Threshold(None, 0.9),
    },
    7,
    OtherLanguages.APPROVE,
)


def test_the_lines_move_together_and_the_present_ones_are_among_them() -> None:
    made = candidates(POLICY)
    assert POLICY in made
    for label, most in ((Label.INSULT, 0.95), (Label.THREAT, 0.9999)):
        lines = [one.thresholds[label].flag or 0.0 for one in made]
        assert lines == sorted(lines)
        assert lines[0] < 0.001
        assert lines[-1] == most
    for one in made:
        assert one.thresholds[Label.INSULT].reject == 0.95
        assert one.thresholds[Label.OBSCENE] == Threshold()
        assert one.thresholds[Label.TOXICITY] == Threshold(None, 0.9)
        assert (one.version, one.other_languages) == (7, OtherLanguages.APPROVE)
    assert all(a.thresholds != b.thresholds for a, b in pairwise(made))


def test_a_line_at_the_very_end_can_be_moved_too() -> None:
    for end in (1.0, 0.00001, 0.99991):
        made = candidates(Policy("c@1", {Label.INSULT: Threshold(end)}))
        lines = [one.thresholds[Label.INSULT].flag or 0.0 for one in made]
        assert lines == sorted(set(lines))
        assert end in lines
        assert lines[-1] - lines[0] == pytest.approx(0.5, abs=0.01)


def test_where_nothing_flags_there_is_nothing_to_move() -> None:
    with pytest.raises(InvalidInput, match="No label flags"):
        candidates(Policy("c@1", {Label.INSULT: Threshold(None, 0.9)}))


@settings(deadline=None)
@given(
    scores=st.fixed_dictionaries(
        {label: st.floats(0.0, 1.0) for label in POLICY.thresholds if label is not Label.OBSCENE}
    ),
    standing=st.sampled_from(Standing),
    supported=st.booleans(),
)
def test_who_is_stopped_by_a_candidate_is_stopped_by_all_that_are_stricter(
    scores: dict[Label, float],
    standing: Standing,
    supported: bool,  # noqa: FBT001 - drawn
) -> None:
    """Or else no search by halves would find where it ends."""
    facts = Facts("c@1", scores, supported=supported, circumstances=Circumstances(standing))
    made = candidates(POLICY)
    stops = [decide(facts, one).action is not Action.APPROVE for one in made]
    assert stops == sorted(stops, reverse=True)
    assert stopped_by(facts, made) == sum(stops)
    flags = [decide(facts, one).action is Action.FLAG for one in made]
    assert flags == sorted(flags, reverse=True)


def test_the_strictest_that_flags_no_more_than_was_wished_for_is_chosen() -> None:
    made = candidates(first_policy("c@1"))

    def flagged(policy: Policy) -> float:
        return 1_000 * (1 - (policy.thresholds[Label.INSULT].flag or 0.0))

    place = strictest(made, flagged, 100)
    assert place is not None
    assert flagged(made[place]) <= 100 < flagged(made[place - 1])
    assert strictest(made, flagged, 0.01) is None
    assert strictest(made, flagged, 5_000) == 0


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        (WishKind.FLAGS, 0.5),
        (WishKind.HOURS, 0.0),
        (WishKind.MISSES, 0.0),
        (WishKind.MISSES, 1.0),
        (WishKind.FLAGS, float("nan")),
        (WishKind.FLAGS, float("inf")),
    ],
)
def test_what_nobody_can_mean_is_refused(kind: WishKind, amount: float) -> None:
    with pytest.raises(InvalidInput, match="Take a number from"):
        Wish(kind, amount).check()


def test_shares_are_said_in_percent() -> None:
    with pytest.raises(InvalidInput, match=r"from 0\.1 to 90"):
        Wish(WishKind.MISSES, 5.0).check()
    Wish(WishKind.MISSES, 0.1).check()


def test_days_that_are_all_alike_differ_by_chance_alone() -> None:
    assert usual_range([100] * 28, 100) == (
        pytest.approx(80.4, abs=0.1),
        pytest.approx(119.6, abs=0.1),
    )
    wide = usual_range([50, 150] * 14, 100)
    assert wide is not None
    assert wide[0] < 10
    assert wide[1] > 190
    assert usual_range([50, 150] * 4, 100) is None
    assert usual_range([0] * 28, 100) is None
