"""What a shadow and the live policy say of the same comments."""

from moderation.model.beside import Beside, Difference, Pair, Stopped, compare, scored_anew
from moderation.model.circumstances import Circumstances
from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.policy import Policy, Threshold
from moderation.model.proportions import Proportion
from moderation.model.sign_test import SignTest
from moderation.model.standings import Standing

A, B = "a@1", "b@1"
LIVE = Policy(A, {Label.INSULT: Threshold(flag=0.8, reject=0.95)})
LOWER = Policy(A, {Label.INSULT: Threshold(flag=0.5)})
OTHER = Policy(B, {Label.THREAT: Threshold(flag=0.3)})


def facts(score: float, classifier: str = A, label: Label = Label.INSULT) -> Facts:
    return Facts(classifier, {label: score})


def same(score: float, number: int = 1, *, rejected: bool | None = None) -> Pair:
    return Pair(facts(score), facts(score), number, rejected)


def test_both_are_counted_on_the_same_comments() -> None:
    found = compare(LIVE, LOWER, [same(0.1, 90), same(0.6, 6), same(0.9, 3), same(0.97)], [])
    assert found.comments == 100
    assert found.live.actions == {Action.APPROVE: 96, Action.FLAG: 3, Action.REJECT: 1}
    assert found.shadow.actions == {Action.APPROVE: 90, Action.FLAG: 10}
    assert found.agreement == Proportion(93, 100)
    assert found.differences == {
        (Action.APPROVE, Action.FLAG): Difference(6),
        (Action.REJECT, Action.FLAG): Difference(1),
    }
    assert found.stopped_for == {
        Label.INSULT: (Stopped(4, Proportion(0, 0)), Stopped(10, Proportion(0, 0)))
    }


def test_who_is_right_is_told_where_one_stops_what_the_other_approves() -> None:
    judged = [
        same(0.1, 2, rejected=False),
        same(0.1, rejected=True),
        same(0.6, 4, rejected=True),
        same(0.6, rejected=False),
        same(0.9, 5, rejected=True),
        same(0.97, 3, rejected=True),
    ]
    found = compare(LIVE, LOWER, judged, judged)
    assert found.sign_test == SignTest(shadow=4, live=1)
    assert found.judged == 16
    assert found.live.precision == Proportion(8, 8)
    assert found.live.recall == Proportion(8, 13)
    assert found.shadow.precision == Proportion(12, 13)
    assert found.shadow.recall == Proportion(12, 13)
    assert found.differences[Action.APPROVE, Action.FLAG] == Difference(5, 5, 4)
    assert found.stopped_for[Label.INSULT][1] == Stopped(13, Proportion(12, 13))
    assert found.only_one_stops(shadow=True) == Difference(5, 5, 4)
    assert found.only_one_stops(shadow=False) == Difference()


def test_each_side_judges_the_scores_of_its_own_classifier() -> None:
    def pair(live: float, shadow: float, *, rejected: bool) -> Pair:
        return Pair(facts(live), facts(shadow, B, Label.THREAT), rejected=rejected)

    judged = [pair(0.9, 0.1, rejected=False), pair(0.1, 0.4, rejected=True)]
    found = compare(LIVE, OTHER, judged, judged)
    assert found.sign_test == SignTest(shadow=2, live=0)
    assert set(found.stopped_for) == {Label.INSULT, Label.THREAT}


def test_what_is_known_of_a_comment_holds_for_both_whoever_scores_it() -> None:
    banned = Circumstances(standing=Standing.BANNED)
    live = Facts(A, {Label.INSULT: 0.1}, failure="it failed", circumstances=banned)
    shadow = scored_anew(live, Facts(B, {Label.THREAT: 0.1}, language="fr", supported=False))
    assert shadow == Facts(
        B, {Label.THREAT: 0.1}, language="fr", supported=False, circumstances=banned
    )
    found: Beside = compare(LIVE, OTHER, [Pair(live, shadow)], [])
    assert found.shadow.actions == {Action.REJECT: 1}
    assert found.stopped_for == {}


def test_without_comments_nothing_is_said() -> None:
    found = compare(LIVE, LOWER, [], [])
    assert (found.comments, found.differences, found.agreement.share) == (0, {}, None)
    assert found.sign_test.needed == 8
