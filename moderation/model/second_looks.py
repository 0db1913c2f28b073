"""Second looks: people's decisions that another person judges blind, and how often they agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.proportions import Proportion
from moderation.model.reviews import Cause

WAITS_FOR = timedelta(days=30)
"""Whoever did not look by then is asked no more."""

DISPUTE_RISK = 0.5
"""A comment on which two people disagree waits in the middle of the queue."""

FEW = 20
"""With fewer second looks than this the agreement says next to nothing."""


class LookState(StrEnum):
    """What became of a second look. Where two people disagree, a third one decides openly."""

    WAITING = "waiting"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    MOOT = "moot"


@dataclass(frozen=True, slots=True)
class Looked:
    """So many comments with the same causes, on which two people and perhaps a third decided so.

    `outcome` is what the third person decided; None where two agreed, or nobody has decided yet.
    """

    causes: Cause
    first: Action
    second: Action
    outcome: Action | None
    number: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a second person decided as the first one had, of comments flagged for one label.

    `label` None stands for all comments. Of those on which they disagreed the first one had
    rejected `rejected_first`, and of the ones that a third person settled the first was right in
    `first_upheld`.
    """

    label: Label | None
    agreed: Proportion
    rejected_first: int
    first_upheld: Proportion

    @property
    def few(self) -> bool:
        """Say whether it rests on so few second looks that it says next to nothing."""
        return self.agreed.of < FEW


def agreement(found: Iterable[Looked], label: Label | None = None) -> Agreement:
    """Sum up the second looks at comments that were flagged for a label, or all of them."""
    cause = None if label is None else Cause[label.name]
    mine = [one for one in found if cause is None or one.causes & cause]
    apart = [one for one in mine if one.first is not one.second]
    settled = [one for one in apart if one.outcome is not None]
    return Agreement(
        label,
        Proportion(_sum(mine) - _sum(apart), _sum(mine)),
        _sum(one for one in apart if one.first is Action.REJECT),
        Proportion(_sum(one for one in settled if one.outcome is one.first), _sum(settled)),
    )


def _sum(found: Iterable[Looked]) -> int:
    return sum(one.number for one in found)
