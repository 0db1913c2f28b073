"""Reports: what readers complain of, and when people have to look."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import prod

from moderation.model.decisions import Action
from moderation.model.ids import CommentId, DecisionId, ReportId

MAX_WORDS = 1000
"""Characters of what a reader writes."""


class ReportReason(StrEnum):
    """What a reader complains of; docs/api.md says which terms of others each stands for."""

    OFFENSIVE = "offensive"
    HARASSMENT = "harassment"
    HATE = "hate"
    VIOLENCE = "violence"
    DEFAMATION = "defamation"
    PRIVACY = "privacy"
    MINORS = "minors"
    SELF_HARM = "self-harm"
    MISINFORMATION = "misinformation"
    COPYRIGHT = "copyright"
    SCAM = "scam"
    SPAM = "spam"
    OTHER = "other"


class ReportState(StrEnum):
    """What became of a report; moot ones are of comments that were withdrawn."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    MOOT = "moot"


@dataclass(frozen=True, slots=True)
class ReportRules:
    """From how many readers on people look, and look again at what they approved after reports."""

    review_from: int = 1
    reopen_from: int = 5


REPORT_RULES = ReportRules()


@dataclass(frozen=True, slots=True)
class Notice:
    """A reader's claim that a comment is illegal (DSA, article 16), and how to reach the reader."""

    contact: str | None = None


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as a site sends it; `reporter` is the site's own id of the reader."""

    reporter: str
    reason: ReportReason
    words: str | None = None
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A stored report. `number` counts those of the comment; words may be gone, or never kept."""

    id: ReportId
    comment_id: CommentId
    number: int
    revision: int
    reason: ReportReason
    is_notice: bool
    words: str | None
    contact: str | None
    state: ReportState
    decision_id: DecisionId | None
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Complaint:
    """What reports have in common that are counted together."""

    reason: ReportReason
    is_notice: bool = False


Tally = Mapping[Complaint, int]
"""How many readers complain of what; a reader is counted once."""


@dataclass(frozen=True, slots=True)
class OpenReports:
    """The reports of a comment that nobody decided; `last` is the number of the newest."""

    tally: Tally
    last: int

    @property
    def readers(self) -> int:
        """How many readers complain."""
        return sum(self.tally.values())

    @property
    def reasons(self) -> list[ReportReason]:
        """What they complain of, in the order of the reasons."""
        named = {complaint.reason for complaint in self.tally}
        return [reason for reason in ReportReason if reason in named]


def asks_for_review(tally: Tally, dismissed: Collection[Complaint], rules: ReportRules) -> bool:
    """Say whether people have to look at a comment that readers can see.

    `dismissed` is what people looked into already, of the same text: more of that alone counts only
    from `reopen_from` readers on, so that a crowd cannot keep the desk busy. A notice is looked at
    however few they are.
    """
    fresh = {complaint: count for complaint, count in tally.items() if complaint not in dismissed}
    return (
        any(complaint.is_notice for complaint in fresh)
        or sum(fresh.values()) >= rules.review_from
        or sum(tally.values()) >= max(rules.review_from, rules.reopen_from)
    )


_URGENCY: Mapping[ReportReason, float] = {
    ReportReason.MINORS: 0.8,
    ReportReason.SELF_HARM: 0.8,
    ReportReason.VIOLENCE: 0.6,
    ReportReason.HATE: 0.5,
    ReportReason.PRIVACY: 0.5,
    ReportReason.HARASSMENT: 0.4,
    ReportReason.DEFAMATION: 0.4,
    ReportReason.SCAM: 0.4,
}
_ORDINARY = 0.2
_NOTICE = 0.8
"""A claim of illegality has to be answered in good time."""


def risk_of_reports(tally: Tally) -> float:
    """Return how much reports press, 0 to 1: more with each reader, and never quite 1."""
    return 1.0 - prod((1.0 - _urgency(complaint)) ** count for complaint, count in tally.items())


def _urgency(complaint: Complaint) -> float:
    urgency = _URGENCY.get(complaint.reason, _ORDINARY)
    return max(urgency, _NOTICE) if complaint.is_notice else urgency


@dataclass(frozen=True, slots=True)
class SeenReports:
    """Up to which number a person saw reports, and which reasons apply; None stands for all."""

    up_to: int | None = None
    upheld: frozenset[ReportReason] | None = None

    def outcomes(
        self, action: Action, reasons: Sequence[ReportReason]
    ) -> Mapping[ReportReason, ReportState]:
        """Say what a decision makes of reports of these reasons; nothing where it decides none."""
        if action is Action.FLAG:
            return {}
        return {reason: self._outcome(action, reason) for reason in reasons}

    def _outcome(self, action: Action, reason: ReportReason) -> ReportState:
        applies = self.upheld is None or reason in self.upheld
        upheld = action is Action.REJECT and applies
        return ReportState.UPHELD if upheld else ReportState.DISMISSED


ALL_REPORTS = SeenReports()
