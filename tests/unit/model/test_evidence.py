"""When people's decisions are enough to let a label reject by itself."""

from dataclasses import replace

import pytest

from moderation.model.evidence import Band, Evidence, not_earned, to_be_earned
from moderation.model.labels import Label
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import OtherLanguages, Override, Policy, Threshold
from moderation.model.proportions import Proportion

BAND = Band("c@1", Label.INSULT, 0.97)


def evidence(rejected: int, of: int, band: Band = BAND) -> Evidence:
    return Evidence(band, Proportion(rejected, of))


def policy(classifier: str = "c@1", **rejects: float | None) -> Policy:
    return Policy(classifier, {Label(name): Threshold(0.5, line) for name, line in rejects.items()})


@pytest.mark.parametrize(
    ("rejected", "of", "enough"),
    [
        (199, 199, False),
        (200, 200, True),
        (197, 200, True),
        (196, 200, False),
        (960, 1000, False),
        (966, 1000, True),
        (0, 0, False),
    ],
)
def test_it_takes_two_hundred_and_hardly_any_other(rejected: int, of: int, enough: bool) -> None:  # noqa: FBT001 - a table
    assert evidence(rejected, of).is_enough is enough


def test_what_is_missing_is_said_of_each_label() -> None:
    threat = Band("c@1", Label.THREAT, 0.8)
    error = not_earned([evidence(143, 143), evidence(200, 200), evidence(190, 200, threat)])
    assert str(error) == (
        "People have to decide first on what is to be rejected without them. "
        "insult from 0.97: 143 decided comments, 200 are needed; "
        "threat from 0.8: of 200 decided comments people rejected at least 91 %, 95 % are needed."
    )
    assert not_earned([evidence(200, 200)]) is None


def test_a_share_that_is_not_enough_never_looks_as_if_it_were() -> None:
    [low] = [one for one in range(190, 200) if 0.949 < Proportion(one, 200).low < 0.95]
    assert "at least 94.9 %" in str(evidence(low, 200).missing)


def test_only_what_rejects_more_than_today_has_to_be_earned() -> None:
    today = policy(insult=0.97, threat=0.9)
    assert to_be_earned(today, today) == ()
    assert to_be_earned(policy(insult=0.98, threat=None), today) == ()
    assert to_be_earned(policy(insult=0.96, threat=0.9), today) == (
        Band("c@1", Label.INSULT, 0.96),
    )
    assert to_be_earned(policy(obscene=0.97), today) == (Band("c@1", Label.OBSCENE, 0.97),)


def test_for_another_classifier_and_on_a_route_everything_has_to_be_earned() -> None:
    today = policy(insult=0.97)
    assert to_be_earned(policy("c@2", insult=0.99), today) == (Band("c@2", Label.INSULT, 0.99),)
    routed = Policy("c@1", today.thresholds, 0, OtherLanguages.ROUTE, policy("c@2", insult=0.99))
    assert to_be_earned(routed, today) == (Band("c@2", Label.INSULT, 0.99),)
    assert to_be_earned(routed, routed) == ()


def test_a_place_that_rejects_more_than_today_has_to_earn_it_there() -> None:
    sport = Pattern(PlaceKind.SECTION, "sport")
    today = policy(insult=0.97)
    stricter = replace(today, overrides=(Override(sport, {Label.INSULT: Threshold(0.5, 0.9)}),))
    milder = replace(today, overrides=(Override(sport, {Label.INSULT: Threshold(0.5, 0.99)}),))
    there = Band("c@1", Label.INSULT, 0.9, sport)
    assert to_be_earned(stricter, today) == (there,)
    assert to_be_earned(stricter, milder) == (there,)
    assert to_be_earned(milder, today) == to_be_earned(stricter, stricter) == ()
    assert "in sport: insult from 0.9: 3 decided" in str(not_earned([evidence(3, 3, there)]))
