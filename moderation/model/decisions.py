"""Decisions: recorded actions; append-only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.model.comments import Display, DisplayRules, Status
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
    CAP = "cap"
    UNSCORED = "unscored"
    FAILURE = "failure"
    LANGUAGE = "language"
    OTHER_CLASSIFIER = "other-classifier"
    AUTHOR_BANNED = "author-banned"
    AUTHOR_HELD = "author-held"
    AUTHOR_TRUSTED = "author-trusted"
    THREAD_HELD = "thread-held"
    LINKS = "links"
    LENGTH = "length"
    PACE = "pace"
    FIRST_TIME = "first-time"
    REPEATS = "repeats"
    WORD_LIST = "word-list"
    MODERATOR = "moderator"
    REPORT = "report"
    APPEAL = "appeal"
    SECOND_LOOK = "second-look"


HOLDING = frozenset({ReasonKind.AUTHOR_HELD, ReasonKind.THREAD_HELD, ReasonKind.FIRST_TIME})
"""Kinds by which somebody asked to see a comment before its readers do."""

OF_POLICIES = frozenset(
    {
        ReasonKind.LINKS,
        ReasonKind.LENGTH,
        ReasonKind.PACE,
        ReasonKind.FIRST_TIME,
        ReasonKind.REPEATS,
        ReasonKind.WORD_LIST,
    }
)
"""Kinds of what limits and word lists say."""

HELD_BACK = HOLDING | {ReasonKind.CAP}
"""Kinds that keep a comment from its readers, also where a site shows what is flagged."""

BESIDE_SCORES = HELD_BACK | OF_POLICIES
"""Kinds that flag and say nothing against the scores."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of a decision: a label over its threshold, a failure, or a person's word.

    A person's may be one of the site's reasons: then `code` and `title` are those that it had. Of a
    word list `title` is the name.
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


def display_of(rules: DisplayRules, action: Action, reasons: Iterable[Reason]) -> Display:
    """Say what the site should do after a decision.

    What somebody holds is held, also where a site shows what is flagged, and so is what would have
    been rejected.
    """
    display = rules.display(action.status)
    holds = action is Action.FLAG and any(reason.kind in HELD_BACK for reason in reasons)
    return Display.HOLD if holds and display is Display.SHOW else display


def displayed(rules: DisplayRules, status: Status, last: Decision | None) -> Display:
    """Say what the site should do with a comment of this status after its last decision."""
    if last is None or last.action.status is not status:
        return rules.display(status)
    return display_of(rules, last.action, last.reasons)
