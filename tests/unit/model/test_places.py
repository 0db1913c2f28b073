"""Places, the patterns that name them, and thresholds that count in one place alone."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.overrides import own, put, remove, within
from moderation.model.places import (
    LONGEST_NAME,
    MOST_PATTERNS,
    NOWHERE,
    Pattern,
    Place,
    PlaceKind,
    folded,
    position_of,
)
from moderation.model.policy import OtherLanguages, Override, Policy, Threshold
from moderation.model.verdicts import decide

names = st.text(max_size=LONGEST_NAME)
short = st.text(st.sampled_from("aAb*"), min_size=1, max_size=8)


def section(name: str) -> Pattern:
    return Pattern(PlaceKind.SECTION, name)


def thread(name: str) -> Pattern:
    return Pattern(PlaceKind.THREAD, name)


def insult(pattern: Pattern, flag: float | None, reject: float | None = None) -> Override:
    return Override(pattern, {Label.INSULT: Threshold(flag, reject)})


EVERYWHERE = Policy("c@1", {Label.INSULT: Threshold(0.8), Label.THREAT: Threshold(0.7)})
SPORT = put(EVERYWHERE, insult(section("Sport"), 0.95))
ELECTION = put(SPORT, insult(thread("election-*"), 0.6))


@pytest.mark.parametrize(
    ("pattern", "place", "fits"),
    [
        (section("sport"), Place("sport"), True),
        (section("Sport"), Place("SPORT"), True),
        (section(" sport "), Place("sport"), True),
        (section("sport"), Place("sports"), False),
        (section("sport"), Place(thread="sport"), False),
        (section("sport"), NOWHERE, False),
        (section("*"), Place("sport"), True),
        (section("*"), NOWHERE, False),
        (thread("election-*"), Place("news", "election-2026"), True),
        (thread("election-*"), Place("news", "by-election-2026"), False),
        (thread("*election*"), Place("news", "by-election-2026"), True),
        (thread("a*a"), Place(thread="a"), False),
        (thread("a*b*c"), Place(thread="acbc"), True),
        (thread("a?[b]"), Place(thread="ax"), False),
        (section("ÉCONOMIE"), Place("économie"), True),
        (section("straße"), Place("STRASSE"), False),
    ],
)
def test_a_pattern_fits_the_places_that_it_names(
    pattern: Pattern, place: Place, *, fits: bool
) -> None:
    assert pattern.fits(place) is fits


@given(short, st.text(st.sampled_from("aAb"), min_size=1, max_size=12))
def test_a_star_stands_for_any_characters(pattern: str, name: str) -> None:
    assert section(pattern).fits(Place(name)) is fnmatchcase(name.lower(), pattern.lower())


@given(short, short, st.text(st.sampled_from("ab"), min_size=1, max_size=8))
def test_what_a_pattern_covers_is_named_by_it(wide: str, narrow: str, name: str) -> None:
    if section(wide).covers(section(narrow)) and section(narrow).fits(Place(name)):
        assert section(wide).fits(Place(name))


@given(names)
def test_a_folded_name_is_no_longer_and_stays_as_it_is(name: str) -> None:
    assert len(folded(name)) <= len(name)
    assert folded(folded(name)) == folded(name)
    place = Place(name, name)
    assert Place(place.section, place.thread) == place


@pytest.mark.parametrize("name", ["", " ", "\0", "a" * (LONGEST_NAME + 1)])
def test_a_pattern_needs_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 255 characters"):
        section(name)


def action(policy: Policy, place: Place, **scores: float) -> Action:
    given_scores = dict.fromkeys(policy.thresholds, 0.0)
    given_scores |= {Label(name): score for name, score in scores.items()}
    return decide(Facts("c@1", given_scores, place=place), policy).action


@pytest.mark.parametrize(
    ("place", "score", "said"),
    [
        (NOWHERE, 0.85, Action.FLAG),
        (NOWHERE, 0.7, Action.APPROVE),
        (Place("sport"), 0.85, Action.APPROVE),
        (Place("sport"), 0.95, Action.FLAG),
        (Place("news", "election-1"), 0.7, Action.FLAG),
        (Place("sport", "election-1"), 0.7, Action.APPROVE),
    ],
)
def test_the_first_override_that_fits_counts(place: Place, score: float, said: Action) -> None:
    assert action(ELECTION, place, insult=score) is said


def test_labels_that_an_override_does_not_name_stay_as_everywhere() -> None:
    assert action(SPORT, Place("sport"), threat=0.7) is Action.FLAG
    never = put(EVERYWHERE, insult(section("sport"), None))
    assert action(never, Place("sport"), insult=1.0) is Action.APPROVE


def test_a_label_that_only_a_place_asks_for_is_doubted_only_there() -> None:
    policy = put(EVERYWHERE, Override(section("sport"), {Label.OBSCENE: Threshold(0.9)}))
    assert action(policy, NOWHERE) is Action.APPROVE
    assert action(policy, Place("sport")) is Action.FLAG


def test_an_override_takes_the_stead_of_the_one_with_its_pattern_and_can_be_removed() -> None:
    changed = put(ELECTION, insult(section("SPORT"), 0.9))
    assert [one.pattern.name for one in changed.overrides] == ["SPORT", "election-*"]
    assert within(changed, section("sport")).thresholds[Label.INSULT] == Threshold(0.9)
    assert own(changed, thread("sport")) is None
    assert remove(ELECTION, thread("Election-*")) == SPORT
    assert remove(SPORT, thread("sport")) == SPORT


def test_a_narrower_place_comes_before_the_wider_one() -> None:
    policy = put(put(EVERYWHERE, insult(section("sport*"), 0.9)), insult(section("sport"), 0.6))
    assert [one.pattern.name for one in policy.overrides] == ["sport", "sport*"]
    assert position_of(section("news"), policy.patterns) == 2


@pytest.mark.parametrize(
    ("patterns", "wrong"),
    [
        ([section("sport*"), section("Sport-1")], "the narrower one comes first"),
        ([section("sport"), section("sport")], "the narrower one comes first"),
        ([section(f"s{n}") for n in range(MOST_PATTERNS + 1)], "At most 50 places"),
    ],
)
def test_overrides_that_cannot_be_are_refused(patterns: list[Pattern], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        Policy("c@1", {}, overrides=tuple(insult(one, 0.5) for one in patterns))


def test_an_override_names_a_label_and_a_route_has_none() -> None:
    with pytest.raises(ValueError, match="a threshold of its own"):
        Override(section("sport"), {})
    with pytest.raises(ValueError, match="in all places"):
        Policy("r@1", {}, 2, OtherLanguages.ROUTE, SPORT)


def test_overrides_stay_behind_where_a_policy_moves_to_another_classifier() -> None:
    assert SPORT.moved_to("c@2") == Policy("c@2", EVERYWHERE.thresholds)
    assert SPORT.moved_to("c@1") == SPORT
