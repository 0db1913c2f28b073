"""Ladders: policies share one where the same places have thresholds of their own."""

from dataclasses import replace

from moderation.model.labels import Label
from moderation.model.ladders import Ladder, ladders_of
from moderation.model.overrides import put
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import Override, Policy, Threshold
from moderation.model.simulation import changed_lines, lines_of

SPORT = Pattern(PlaceKind.SECTION, "sport")
THREAT = {Label.THREAT: (0.7,)}
LIVE = Policy("c@1", {Label.THREAT: Threshold(0.7)})
PLACED = put(LIVE, Override(SPORT, {Label.THREAT: Threshold(0.9)}))
HIGHER = put(LIVE, Override(SPORT, {Label.THREAT: Threshold(0.95)}))


def test_policies_without_places_share_one_ladder() -> None:
    other = replace(LIVE, thresholds={Label.THREAT: Threshold(0.5)})
    assert ladders_of([LIVE, other]) == (Ladder({Label.THREAT: (0.5, 0.7)}),)


def test_in_a_place_only_its_own_lines_count() -> None:
    assert ladders_of([PLACED, HIGHER]) == (
        Ladder(THREAT, ((SPORT, {Label.THREAT: (0.9, 0.95)}),)),
    )


def test_policies_with_other_places_have_a_ladder_each() -> None:
    assert ladders_of([LIVE, PLACED]) == (
        Ladder(THREAT),
        Ladder(THREAT, ((SPORT, {Label.THREAT: (0.9,)}),)),
    )


def test_a_line_counts_wherever_it_is() -> None:
    assert lines_of([PLACED]) == {Label.THREAT: (0.7, 0.9)}


def test_the_lines_that_a_draft_changes_are_those_of_the_place() -> None:
    assert changed_lines(LIVE, PLACED) == {Label.THREAT: (0.9,)}
    assert changed_lines(PLACED, LIVE) == {Label.THREAT: (0.7,)}
    assert changed_lines(PLACED, HIGHER) == {Label.THREAT: (0.95,)}
