"""Decisions: recorded actions; append-only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.model.comments import Status
from moderation.model.ids import CommentId, DecisionId, UserId
from moderation.model.labels import Label


class Action(StrEnum):
    """What a decision does with a comment."""

    APPROVE = "approve"
    FLAG = "flag"
    REJECT = "reject"

    @property
    def status(self) -> Status:
        """The status a comment has after this action."""
        return {
            Action.APPROVE: Status.APPROVED,
            Action.FLAG: Status.FLAGGED,
            Action.REJECT: Status.REJECTED,
        }[self]


class Source(StrEnum):
    """Who decided."""

    AUTOMATION = "automation"
    MODERATOR = "moderator"
    APPEAL = "appeal"


class ReasonKind(StrEnum):
    """What made a decision so."""

    LABEL = "label"
    UNSCORED = "unscored"
    FAILURE = "failure"
    LANGUAGE = "language"
    OTHER_CLASSIFIER = "other-classifier"
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of a decision: a label over its threshold, a failure, or a person's word.

    A person's may be one of the site's reasons: then `code` and `title` are those that it had.
    """

    kind: ReasonKind
    label: Label | None = None
    score: float | None = None
    threshold: float | None = None
    detail: str | None = None
    code: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One recorded action on one revision of a comment."""

    id: DecisionId
    comment_id: CommentId
    revision: int
    sequence: int
    action: Action
    source: Source
    reasons: tuple[Reason, ...]
    policy_version: int | None
    classifier: str | None
    user_id: UserId | None
    user_name: str | None
    note: str | None
    undoes: DecisionId | None
    imported: bool
    decided_at: datetime
    message_to_author: str | None = None
