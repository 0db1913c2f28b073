"""Measures: what is counted of a comment beside its scores, and from which number it matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from moderation.model.comments import MAX_TEXT_LENGTH
from moderation.model.decisions import Action


class Measure(StrEnum):
    """What is counted, as the columns of classifications are called that hold it."""

    LINKS = "links"
    """Addresses that lead to other hosts than the site's own."""
    LENGTH = "length"
    """Characters as readers see them."""
    PACE = "pace"
    """Other comments of the same author in the time before."""
    APPROVALS = "approvals"
    """Comments of the author that stand approved."""
    REPEATS = "repeats"
    """Other comments at the site in the time before that say the same."""


MOST: Mapping[Measure, int] = {
    Measure.LINKS: 100,
    Measure.LENGTH: MAX_TEXT_LENGTH,
    Measure.PACE: 50,
    Measure.APPROVALS: 10,
    Measure.REPEATS: 50,
}
"""Up to where each is counted: more says no more, and would cost more."""

PACE_TIME = timedelta(minutes=10)
REPEATS_TIME = timedelta(hours=24)

TOO_FEW = frozenset({Measure.APPROVALS})
"""Measures that are over their limit where they are below it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """From which number a measure flags or rejects; below which, where too few are the trouble."""

    number: int
    action: Action = Action.FLAG

    def __post_init__(self) -> None:
        if self.action is Action.APPROVE:
            raise ValueError("a limit flags or rejects")
        if self.number < 1:
            raise ValueError("a limit is a whole number from 1 on")


def check_limits(limits: Mapping[Measure, Limit]) -> None:
    """Raise ValueError where a limit can never be reached, or would keep everybody out."""
    for measure, limit in limits.items():
        if limit.number > MOST[measure]:
            raise ValueError("a limit must not be higher than is counted")
        if measure is Measure.APPROVALS and limit.action is Action.REJECT:
            raise ValueError("who is rejected for being new stays new: flag them")


def is_over(measure: Measure, limit: Limit, count: int) -> bool:
    """Say whether so many are what the limit is for."""
    return count < limit.number if measure in TOO_FEW else count >= limit.number
