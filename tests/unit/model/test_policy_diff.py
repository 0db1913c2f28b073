"""What differs between two policies."""

from dataclasses import replace

import pytest
from hypothesis import given

from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.measures import Limit, Measure
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import OtherLanguages, Override, Policy, Threshold
from moderation.model.policy_diff import changes_between
from moderation.model.word_lists import WordList
from tests.policies import a_policy

LIVE = Policy(
    "compact@1", {Label.INSULT: Threshold(flag=0.8), Label.THREAT: Threshold(0.5, 0.9)}, version=3
)
ROUTE = Policy("seven@1", {Label.TOXICITY: Threshold(flag=0.9)})


def told(before: Policy, after: Policy) -> list[str]:
    return [str(change) for change in changes_between(before, after)]


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (replace(LIVE, version=9), []),
        (replace(LIVE, thresholds={**LIVE.thresholds, Label.OBSCENE: Threshold()}), []),
        (
            replace(LIVE, thresholds={**LIVE.thresholds, Label.INSULT: Threshold(flag=0.7)}),
            ["thresholds.insult.flag: 0.8 → 0.7"],
        ),
        (
            replace(LIVE, thresholds={**LIVE.thresholds, Label.INSULT: Threshold(reject=0.95)}),
            ["thresholds.insult.reject: none → 0.95", "thresholds.insult.flag: 0.8 → none"],
        ),
        (
            replace(LIVE, thresholds={Label.INSULT: Threshold(flag=0.8)}),
            ["thresholds.threat.flag: 0.5 → none", "thresholds.threat.reject: 0.9 → none"],
        ),
        (replace(LIVE, classifier="compact@2"), ["classifier: compact@1 → compact@2"]),
        (
            replace(LIVE, other_languages=OtherLanguages.ROUTE, route=ROUTE),
            [
                "other_languages.action: flag → route",
                "other_languages.classifier: none → seven@1",
                "other_languages.thresholds.toxicity.flag: none → 0.9",
            ],
        ),
        (
            replace(LIVE, limits={Measure.LINKS: Limit(3)}),
            ["limits.links.flag: none → 3"],
        ),
        (
            replace(LIVE, word_lists=(WordList("slurs", Action.REJECT, ("a", "b")),)),
            [
                "word_lists: none → slurs",
                "word_lists.slurs.action: none → reject",
                "word_lists.slurs.entries: none → a",
                "word_lists.slurs.entries: none → b",
            ],
        ),
    ],
)
def test_each_change_is_told_by_its_place(draft: Policy, said: list[str]) -> None:
    assert told(LIVE, draft) == said


def test_which_place_counts_first_is_told_too() -> None:
    def placed(*names: str) -> Policy:
        lines = {Label.INSULT: Threshold(flag=0.9)}
        patterns = [Pattern(PlaceKind.SECTION, name) for name in names]
        return replace(LIVE, overrides=tuple(Override(one, lines) for one in patterns))

    assert told(LIVE, placed("sport")) == [
        "overrides: none → section sport",
        "overrides.section sport.thresholds.insult.flag: none → 0.9",
    ]
    assert told(placed("a*", "*b"), placed("*b", "a*")) == [
        "overrides: section a*, section *b → section *b, section a*"
    ]


def test_a_label_that_flags_nothing_in_one_place_is_told() -> None:
    def placed(*labels: Label) -> Policy:
        lines = {Label.THREAT: Threshold(flag=0.9), **dict.fromkeys(labels, Threshold())}
        return replace(LIVE, overrides=(Override(Pattern(PlaceKind.SECTION, "sport"), lines),))

    assert told(placed(), placed(Label.INSULT)) == [
        "overrides.section sport.thresholds.insult: none → never"
    ]


def test_words_that_came_and_went_are_told_and_not_the_others() -> None:
    def listed(*entries: str) -> Policy:
        return replace(LIVE, word_lists=(WordList("slurs", Action.FLAG, entries),))

    assert told(listed("a", "b"), listed("b", "c")) == [
        "word_lists.slurs.entries: none → c",
        "word_lists.slurs.entries: a → none",
    ]
    assert told(listed("a", "b"), listed("b", "a")) == [], "their order says nothing"


@given(before=a_policy(), after=a_policy())
def test_nothing_is_told_only_where_both_decide_the_same(before: Policy, after: Policy) -> None:
    def decisive(policy: Policy) -> object:
        parts = [policy, *([policy.route] if policy.route else [])]
        drawn = [
            {label: one for label, one in part.thresholds.items() if one.lowest is not None}
            for part in parts
        ]
        lists = [(one.name, one.action, set(one.entries)) for one in policy.word_lists]
        places = [(one.pattern, one.thresholds) for one in policy.overrides]
        return places, policy.classifier, policy.other_languages, drawn, policy.limits, lists

    assert (not changes_between(before, after)) == (decisive(before) == decisive(after))
    assert changes_between(before, before) == ()


@given(before=a_policy(), after=a_policy())
def test_the_way_back_is_the_same_changes_turned_round(before: Policy, after: Policy) -> None:
    there = {(one.path, one.before, one.after) for one in changes_between(before, after)}
    back = {(one.path, one.after, one.before) for one in changes_between(after, before)}
    assert there == back
