"""Ladders: the lines between which policies can tell comments apart, place by place."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from moderation.model.overrides import parts_of
from moderation.model.places import Pattern
from moderation.model.policy import Policy
from moderation.model.simulation import Lines, lines_of


@dataclass(frozen=True, slots=True)
class Ladder:
    """The lines of policies that give the same places thresholds of their own.

    Of `there` the first pattern that fits a place counts, and where none does, `elsewhere`.
    """

    elsewhere: Lines
    there: tuple[tuple[Pattern, Lines], ...] = ()


def ladders_of(policies: Collection[Policy]) -> tuple[Ladder, ...]:
    """Return ladders between whose lines none of these policies tells comments apart.

    Policies share one where they can: of fewer classes that are told apart each is larger.
    """
    alike: defaultdict[tuple[Pattern, ...], list[Policy]] = defaultdict(list)
    for policy in policies:
        alike[policy.patterns].append(policy)
    return tuple(_ladder(patterns, those) for patterns, those in alike.items())


def _ladder(patterns: tuple[Pattern, ...], policies: Collection[Policy]) -> Ladder:
    by_place = zip(*map(parts_of, policies), strict=True)
    elsewhere, *there = (lines_of(parts) for parts in by_place)
    return Ladder(elsewhere, tuple(zip(patterns, there, strict=True)))
