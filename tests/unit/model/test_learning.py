"""What a head is trained on and judged by: parts, what is missing, lines and trials."""

from dataclasses import replace

import pytest

from moderation.model.head_trials import (
    Finding,
    Trial,
    line_for,
    scored,
    trial_of,
    with_head,
)
from moderation.model.labels import Label
from moderation.model.learning import Judged, Lack, Supply, parted, supply_of
from moderation.model.policy import Policy, Threshold
from moderation.model.sign_test import chance_of
from tests.learning import CLASSIFIER, community, judged

POLICY = Policy(
    CLASSIFIER,
    {
        Label.TOXICITY: Threshold(flag=0.85, reject=0.99),
        Label.INSULT: Threshold(flag=0.8),
        Label.THREAT: Threshold(flag=0.7),
    },
    version=4,
)


def with_scores(*pairs: tuple[float, bool], insult: float = 0.9) -> list[Judged]:
    """Return decisions (True: rejected) on comments that a head has scored."""
    made = [
        judged(n, "x", rejected=rejected, insult=insult) for n, (_, rejected) in enumerate(pairs)
    ]
    return scored(made, [score for score, _ in pairs])


def trial(fewer: int = 40, lost: int = 0, **fields: int) -> Trial:
    numbers = {
        "approved": 200,
        "rejected": 100,
        "false_now": 60,
        "false_then": 60 - fewer,
        "found_now": 100,
        "found_then": 100 - lost,
        "more": 0,
        "gained": 0,
    }
    return Trial(policy_version=4, line=0.5, fewer=fewer, lost=lost, **numbers | fields)


def test_parts_follow_the_time_of_writing() -> None:
    parts = community(100)
    assert [len(part) for part in (parts.learnt, parts.between, parts.newest)] == [60, 20, 20]
    assert parted(parts.all[::-1]) == parts
    moments = [one.written_at for one in parts.all]
    assert moments == sorted(moments)


def test_the_digest_tells_decisions_apart() -> None:
    parts = community(20)
    other = replace(parts.all[3], rejected=not parts.all[3].rejected)
    changed = parted([*parts.all[:3], other, *parts.all[4:]])
    assert parts.digest == community(20).digest != changed.digest


def test_it_says_what_is_missing() -> None:
    assert Supply(0, 0).lacks == {Lack.DECISIONS: 500, Lack.APPROVALS: 50, Lack.REJECTIONS: 50}
    assert Supply(480, 20).lacks == {Lack.REJECTIONS: 30}
    assert Supply(450, 50).lacks == {}
    assert supply_of(community(50).all).approved > 20


def test_the_proposed_policy_lifts_lines_but_no_grave_one() -> None:
    found = with_head(POLICY, 0.6)
    assert found.thresholds == {
        Label.TOXICITY: Threshold(reject=0.99),
        Label.INSULT: Threshold(),
        Label.THREAT: Threshold(flag=0.7),
        Label.UNWANTED: Threshold(flag=0.6),
    }
    assert with_head(found, 0.7).thresholds[Label.UNWANTED] == Threshold(flag=0.7)


def test_the_line_finds_as_many_as_are_found_now() -> None:
    policy = replace(POLICY, thresholds={Label.INSULT: Threshold(flag=0.8)})
    found = with_scores((0.9, True), (0.7, True), (0.61, True), (0.8, False), (0.2, False))
    assert line_for(found, policy) == 0.405, "midway between .2 and .61"
    quiet = with_scores((0.5, True), insult=0.1)
    assert line_for([*found, *quiet], policy) == 0.35, "it may find more than is found now"


def test_a_line_goes_down_for_a_miss_and_not_for_five() -> None:
    policy = replace(POLICY, thresholds={Label.INSULT: Threshold(flag=0.8)})
    clear = [(0.9, True)] * 30
    four, six = ([(0.5, False)] * many for many in (4, 6))
    below = [(0.4, True), (0.2, False)]
    assert line_for(with_scores(*clear, *four, *below), policy) == 0.3
    assert line_for(with_scores(*clear, *six, *below), policy) == 0.7


def test_a_line_does_not_go_down_for_one_slip_of_a_moderator() -> None:
    policy = replace(POLICY, thresholds={Label.INSULT: Threshold(flag=0.8)})
    alike = [(0.9, True)] * 19, [(0.1, False)] * 19
    found = with_scores((0.01, True), *alike[0], *alike[1])
    assert line_for(found, policy) == 0.5
    assert line_for([*found, *with_scores((0.01, True))], policy) == 0.005, "two of 21 are no slip"


def test_a_trial_counts_what_changes() -> None:
    policy = replace(POLICY, thresholds={Label.INSULT: Threshold(flag=0.8)})
    loud = with_scores((0.9, True), (0.4, True), (0.8, False), (0.2, False), (0.1, False))
    quiet = with_scores((0.9, True), (0.9, False), (0.1, False), insult=0.1)
    found = trial_of([*loud, *quiet], policy, 0.5)
    assert (found.approved, found.rejected) == (5, 3)
    assert (found.false_now, found.false_then, found.fewer, found.more) == (3, 2, 2, 1)
    assert (found.found_now, found.found_then, found.lost, found.gained) == (2, 2, 1, 1)
    assert Trial.from_json(found.to_json()) == found


def test_a_comment_that_the_head_could_not_score_is_flagged() -> None:
    [one] = with_scores((0.1, False))
    [unscored] = scored([one], [None])
    assert Label.UNWANTED not in unscored.facts.scores
    assert trial_of([unscored], POLICY, 0.5).false_then == 1


@pytest.mark.parametrize(
    ("found", "finding"),
    [
        (trial(), Finding.BETTER),
        (trial(fewer=5, more=0), Finding.NOT_FEWER),
        (trial(fewer=6, more=0), Finding.BETTER),
        (trial(fewer=40, more=41), Finding.NOT_FEWER),
        (trial(lost=4), Finding.BETTER),
        (trial(lost=5), Finding.MAY_MISS),
        (trial(found_now=34, found_then=34), Finding.MAY_MISS),
    ],
)
def test_it_is_offered_only_where_it_is_surely_better(found: Trial, finding: Finding) -> None:
    assert found.finding is finding


def test_false_flags_fall_by_so_much() -> None:
    share, low, high = trial(fewer=40).false_fall
    assert (share, low, high) == pytest.approx((0.2, 0.1422, 0.2538), abs=1e-4)
    share, low, high = trial(fewer=0).false_fall
    assert (share, low) == (0.0, pytest.approx(-high))
    assert 0 < high < 0.02
    assert trial(approved=0, fewer=0).false_fall == (0.0, -1.0, 1.0)


def test_the_sign_test_is_exact() -> None:
    assert chance_of(0, 0) == 1.0
    assert chance_of(5, 0) == 0.0625
    assert chance_of(0, 6) == 0.03125
    assert chance_of(8, 2) == pytest.approx(0.109375)
    assert chance_of(3_000, 100) < 1e-100
