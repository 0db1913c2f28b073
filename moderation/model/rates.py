"""Rates: what automation and people do with a site's comments, over time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.proportions import Proportion
from moderation.model.reviews import Cause


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time; its end is not in it."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Handled:
    """What automation did with the comments of one span."""

    span: Span
    approved: int = 0
    flagged: int = 0
    rejected: int = 0

    @property
    def total(self) -> int:
        """How many it decided."""
        return self.approved + self.flagged + self.rejected

    @property
    def share_flagged(self) -> Proportion:
        """How many of them a person is to look at."""
        return Proportion(self.flagged, self.total)


@dataclass(frozen=True, slots=True)
class Period:
    """How far back to look: in steps that are drawn, of cells that are counted one by one."""

    days: int
    step: timedelta
    cells: int
    """So many make a step. From each the wait of one comment is looked up."""


PERIODS = (
    Period(7, timedelta(hours=6), 12),
    Period(30, timedelta(days=1), 12),
    Period(90, timedelta(days=1), 4),
)


@dataclass(frozen=True, slots=True)
class Waits:
    """How long comments waited, in half of the cases at most and in 19 of 20; of a sample."""

    median: timedelta
    most: timedelta
    sampled: int


def waits(sample: Sequence[tuple[timedelta, int]]) -> Waits | None:
    """Say how long comments waited, from some that each stand for a number of them."""
    ordered = sorted(sample)
    total = sum(number for _, number in ordered)
    if not total:
        return None
    return Waits(_until(ordered, total * 0.5), _until(ordered, total * 0.95), len(ordered))


def _until(ordered: Sequence[tuple[timedelta, int]], number: float) -> timedelta:
    """Return how long the first so many waited at most."""
    passed = 0
    for wait, stands_for in ordered:
        passed += stands_for
        if passed >= number:
            return wait
    return ordered[-1][0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What people did with what automation flagged for a label, or for anything (None)."""

    label: Label | None
    approved: Proportion
    """Flagged for nothing, as it turned out."""

    @property
    def rejected(self) -> Proportion:
        """The others."""
        return Proportion(self.approved.of - self.approved.many, self.approved.of)


BY_PEOPLE = Cause.PERSON | Cause.REPORT | Cause.APPEAL | Cause.SECOND_LOOK
"""What alone makes a comment wait because somebody asked for it, not for what it says."""

Counted = Mapping[tuple[Cause, Action], int]


def outcomes(counted: Counted) -> tuple[Outcome, ...]:
    """Say what people did with what was flagged: with all, then by label where there was any."""
    flagged = {key: number for key, number in counted.items() if key[0] & ~BY_PEOPLE}
    found = [_outcome(flagged, label) for label in (None, *Label)]
    return tuple(one for one in found if one.label is None or one.approved.of)


def _outcome(flagged: Counted, label: Label | None) -> Outcome:
    cause = None if label is None else Cause[label.name]
    of_it = [
        (action, number)
        for (causes, action), number in flagged.items()
        if cause is None or causes & cause
    ]
    return Outcome(label, Proportion(_sum(of_it, Action.APPROVE), sum(n for _, n in of_it)))


def _sum(counted: Iterable[tuple[Action, int]], action: Action) -> int:
    return sum(number for made, number in counted if made is action)


@dataclass(frozen=True, slots=True)
class Reversals:
    """How many decisions of people did not stand."""

    undone: Proportion
    overturned: Proportion
    """By the answer to an appeal."""
    decided_again: Proportion
    """By somebody else, otherwise."""
