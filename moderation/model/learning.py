"""Learning from moderators: what a site's head is trained and judged on, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from moderation.model.classification import Facts
from moderation.model.ids import CommentId

FEWEST = 500
"""Decisions of people that a head is trained and judged on."""

FEWEST_OF_EACH = 50
"""Of them approvals, and as many rejections."""

MOST = 10_000
"""The newest decisions that count: about half a minute of training."""

_LEARNT, _BETWEEN = 0.6, 0.8
"""Up to where it learns, and up to where it is calibrated and its line is found."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A text on which a person's decision stands, and what a classifier said of it."""

    comment_id: CommentId
    revision: int
    rejected: bool
    facts: Facts
    written_at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Parts:
    """Decisions in the order in which their comments were written, in three parts.

    A head learns from the oldest. On those `between` it is calibrated, and its line is found. On
    the newest it is judged: it has to hold for what is still to come.
    """

    learnt: tuple[Judged, ...]
    between: tuple[Judged, ...]
    newest: tuple[Judged, ...]

    @property
    def all(self) -> tuple[Judged, ...]:
        """All of them, the oldest first."""
        return self.learnt + self.between + self.newest

    @property
    def digest(self) -> str:
        """What tells these very decisions from any others, in hexadecimal digits."""
        lines = (f"{one.comment_id} {one.revision} {one.rejected:d}\n" for one in self.all)
        return sha256("".join(lines).encode()).hexdigest()


class Lack(StrEnum):
    """What is missing before a head can be trained."""

    DECISIONS = "decisions"
    APPROVALS = "approvals"
    REJECTIONS = "rejections"


@dataclass(frozen=True, slots=True)
class Supply:
    """How many decisions of people there are to learn from."""

    approved: int
    rejected: int

    @property
    def lacks(self) -> dict[Lack, int]:
        """How many are missing, of what; nothing where there is enough."""
        missing = {
            Lack.DECISIONS: FEWEST - self.approved - self.rejected,
            Lack.APPROVALS: FEWEST_OF_EACH - self.approved,
            Lack.REJECTIONS: FEWEST_OF_EACH - self.rejected,
        }
        return {lack: many for lack, many in missing.items() if many > 0}


def supply_of(judged: Sequence[Judged]) -> Supply:
    """Count what there is."""
    rejected = sum(one.rejected for one in judged)
    return Supply(len(judged) - rejected, rejected)


def parted(judged: Sequence[Judged]) -> Parts:
    """Part decisions by the time at which their comments were written."""
    ordered = tuple(sorted(judged, key=lambda one: (one.written_at, one.comment_id, one.revision)))
    first, second = (int(len(ordered) * share) for share in (_LEARNT, _BETWEEN))
    return Parts(ordered[:first], ordered[first:second], ordered[second:])
