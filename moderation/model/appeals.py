"""Appeals: authors who contest that their comment was taken off."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.model.decisions import Action
from moderation.model.ids import AppealId, CommentId, DecisionId, UserId

MAX_WORDS = 2000
"""Characters of what an author writes."""

APPEAL_DAYS = 180
"""How long after a decision; the DSA (article 20) asks platforms for six months."""

APPEAL_RISK = 0.5
"""Appeals wait in the middle of the queue: not before threats, and not at the end."""


class AppealState(StrEnum):
    """What became of an appeal; moot ones are about a text that was replaced or withdrawn."""

    OPEN = "open"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    MOOT = "moot"


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal. `decision_id` is what the author contests, `outcome_id` the decision on it.

    `upheld` and `overturned` are said of the contested decision. `own_decision` says that whoever
    judged had also made it, because nobody else was there.
    """

    id: AppealId
    comment_id: CommentId
    decision_id: DecisionId
    words: str | None
    state: AppealState
    outcome_id: DecisionId | None
    own_decision: bool
    statement: str | None
    appealed_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Contested:
    """An open appeal as the desk shows it: against whose decision, which did what and when.

    `second_by` is who took a second look at that decision.
    """

    appeal: Appeal
    action: Action
    user_id: UserId | None
    user_name: str | None
    note: str | None
    decided_at: datetime
    second_by: UserId | None = None


@dataclass(frozen=True, slots=True)
class AppealOutcome:
    """What the site is told beside the decision on an appeal."""

    id: AppealId
    state: AppealState
    decision_id: DecisionId
    own_decision: bool


def leaves_to_others(
    there: frozenset[UserId], decided_by: UserId | None, second_by: UserId | None
) -> frozenset[UserId]:
    """Return who leaves an appeal to others, of whom one is there.

    Whoever judged the comment does, alone or by a second look; where there is nobody else, only who
    made the contested decision does.
    """
    for judged in (frozenset({decided_by, second_by}), frozenset({decided_by})):
        if there - judged:
            return frozenset(one for one in judged if one is not None)
    return frozenset()


def outcome_of(action: Action) -> AppealState:
    """Return what a decision on an appealed comment says of the contested one."""
    return AppealState.OVERTURNED if action is Action.APPROVE else AppealState.UPHELD
