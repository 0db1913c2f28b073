"""What a version changed, in the words of the page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask, g

from api.dashboard.policy_words import changed
from moderation.model.decisions import Action
from moderation.model.ids import PolicyId, SiteId, new_uuid
from moderation.model.labels import Label
from moderation.model.measures import Limit, Measure
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import OtherLanguages, Override, Policy, PublishedPolicy, Threshold
from moderation.model.word_lists import WordList

LIVE = Policy("a@1", {Label.INSULT: Threshold(flag=0.8), Label.THREAT: Threshold(0.5, 0.9)}, 1)
ROUTE = Policy("b@1", {Label.TOXICITY: Threshold(flag=0.9)})
SITE = SiteId(new_uuid())


def published(policy: Policy) -> PublishedPolicy:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    return PublishedPolicy(PolicyId(new_uuid()), SITE, policy, None, None, "why", at)


def with_insult(**lines: float) -> Policy:
    return replace(LIVE, thresholds={**LIVE.thresholds, Label.INSULT: Threshold(**lines)})


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (LIVE, ["The same as before."]),
        (with_insult(flag=0.75), ["insult flags from 0.75 instead of 0.8"]),
        (
            with_insult(reject=0.95),
            [
                "insult rejects from 0.95, and did not before",
                "insult flags no more; it did from 0.8",
            ],
        ),
        (
            replace(LIVE, thresholds={Label.INSULT: Threshold(flag=0.8)}),
            [
                "threat flags no more; it did from 0.5",
                "threat rejects no more; it did from 0.9",
            ],
        ),
        (
            replace(LIVE, other_languages=OtherLanguages.ROUTE, route=ROUTE),
            [
                "other languages: “Judge by another classifier” instead of “Flag for a person”",
                "in other languages: judged by b@1",
                "in other languages: toxicity flags from 0.9, and did not before",
            ],
        ),
        (
            replace(LIVE, limits={Measure.LINKS: Limit(3)}),
            ["Links to other sites, from 3: flag for a person"],
        ),
        (
            replace(LIVE, word_lists=(WordList("slurs", Action.REJECT, ("a", "b")),)),
            ["the word list “slurs” rejects", "word list “slurs”: 2 entries more"],
        ),
        (
            replace(
                LIVE,
                overrides=(
                    Override(
                        Pattern(PlaceKind.SECTION, "sport"),
                        {Label.INSULT: Threshold(flag=0.9), Label.THREAT: Threshold()},
                    ),
                ),
            ),
            [
                "section sport has thresholds of its own",
                "in section sport: threat never flags",
                "in section sport: insult flags from 0.9",
            ],
        ),
    ],
)
def test_each_change_is_a_sentence(after: Policy, said: list[str]) -> None:
    old, new = published(LIVE), published(replace(after, version=3))
    other = published(Policy("c@1", {}, 2))
    assert changed([new, other, old], new) == said


def test_a_limit_that_moved_and_a_place_that_went_are_told_in_words() -> None:
    sport = Override(Pattern(PlaceKind.SECTION, "sport"), {Label.INSULT: Threshold(flag=0.9)})
    links, length = Limit(3), Limit(500, Action.REJECT)
    before = replace(LIVE, limits={Measure.LINKS: links, Measure.LENGTH: length})
    after = replace(LIVE, version=3, limits={Measure.LINKS: Limit(5)})
    old, new = published(replace(before, overrides=(sport,))), published(after)
    assert changed([new, old], new) == [
        "Links to other sites, from 5 instead of 3: flag for a person",
        "Characters, from 500: no longer “reject without a person”",
        "section sport has no thresholds of its own any more: those of the site count there",
    ]


def test_in_a_place_that_stays_a_label_without_a_line_is_as_everywhere_again() -> None:
    def sport(version: int, thresholds: Mapping[Label, Threshold]) -> PublishedPolicy:
        override = Override(Pattern(PlaceKind.SECTION, "sport"), thresholds)
        return published(replace(LIVE, version=version, overrides=(override,)))

    old = sport(2, {Label.INSULT: Threshold(0.9, 0.95), Label.THREAT: Threshold(0.5, 0.9)})
    new = sport(3, {Label.THREAT: Threshold(0.6)})
    assert changed([new, old], new) == [
        "in section sport: threat flags from 0.6 instead of 0.5",
        "in section sport: threat rejects no more; it did from 0.9",
        "in section sport: insult is as everywhere again",
    ]


def test_of_a_word_list_is_told_how_many_entries_came_and_went() -> None:
    def listed(version: int, *entries: str) -> PublishedPolicy:
        lists = (WordList("slurs", Action.FLAG, entries),)
        return published(replace(LIVE, version=version, word_lists=lists))

    old, new = listed(1, "a", "b", "c"), listed(2, "c", "d")
    assert changed([new, old], new) == [
        "word list “slurs”: 1 entry more",
        "word list “slurs”: 2 entries fewer",
    ]
    assert changed([old], old) == ["The first for this classifier."]
    gone = published(replace(LIVE, version=3))
    assert changed([gone, new], gone) == [
        "the word list “slurs” is gone",
        "word list “slurs”: 2 entries fewer",
    ]


def test_the_first_version_for_a_classifier_changes_nothing() -> None:
    first, other = published(LIVE), published(Policy("c@1", {}, 2))
    for one in (first, other):
        assert changed([other, first], one) == ["The first for this classifier."]


def test_numbers_are_written_as_the_reader_does() -> None:
    before, place = Limit(3, Action.FLAG), Pattern(PlaceKind.SECTION, "sport")
    here = Override(place, {Label.INSULT: Threshold(0.95)})
    old = replace(LIVE, limits={Measure.LENGTH: before})
    new = replace(
        with_insult(flag=0.75), limits={Measure.LENGTH: Limit(12_000)}, overrides=(here,), version=2
    )
    with Flask(__name__).test_request_context():
        g.language = "de"
        said = " ".join(changed([published(new), published(old)], published(new)))
    assert all(one in said for one in ("0,75", "0,8 ", "12.000", "0,95"))
    assert "0." not in said
