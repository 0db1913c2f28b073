"""Reviews: comments that wait for a person, what they are found by, and who is on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntFlag, StrEnum

from moderation.model.decisions import OF_POLICIES, Reason, ReasonKind
from moderation.model.ids import UserId


class ReviewState(StrEnum):
    """Whether somebody still has to look. Who is looking is a claim, which runs out by itself."""

    OPEN = "open"
    RESOLVED = "resolved"


class Cause(IntFlag):
    """What made a comment wait, in a few words; several make a number.

    The database keeps that number, so a member never gets another one.
    """

    TOXICITY = 1
    SEVERE_TOXICITY = 2
    OBSCENE = 4
    THREAT = 8
    INSULT = 16
    IDENTITY_ATTACK = 32
    SEXUAL_EXPLICIT = 64
    LANGUAGE = 128
    FAILURE = 256
    PERSON = 512
    OTHER = 1024
    REPORT = 2048
    APPEAL = 4096
    SECOND_LOOK = 8192
    UNWANTED = 16384
    RULE = 32768


CAUSES = {
    Cause.THREAT: "threat",
    Cause.SEVERE_TOXICITY: "severe toxicity",
    Cause.IDENTITY_ATTACK: "identity attack",
    Cause.INSULT: "insult",
    Cause.SEXUAL_EXPLICIT: "sexually explicit",
    Cause.OBSCENE: "obscenity",
    Cause.TOXICITY: "toxicity",
    Cause.UNWANTED: "unwanted here",
    Cause.LANGUAGE: "language",
    Cause.FAILURE: "could not be scored",
    Cause.PERSON: "a person asked",
    Cause.RULE: "a rule of the policy",
    Cause.REPORT: "reported by readers",
    Cause.APPEAL: "appealed",
    Cause.SECOND_LOOK: "two people disagree",
    Cause.OTHER: "other",
}
"""In words that people read, the worst first."""

URGENT = Cause.SEVERE_TOXICITY | Cause.THREAT
"""What nobody should have to wait for."""

PATIENCE = timedelta(minutes=30)
"""Who has waited for so long is overtaken by nothing that comes later, unless it is urgent."""

HEAD_START = timedelta(hours=24)
"""What is urgent goes before all that has waited for less than this."""

CLAIM = timedelta(minutes=3)
"""How long a claim holds after the last sign of life."""

HANDED = PATIENCE
"""How long a comment is kept for the colleague that it was handed to, who may be away."""

_OF_KIND = {
    ReasonKind.UNSCORED: Cause.FAILURE,
    ReasonKind.FAILURE: Cause.FAILURE,
    ReasonKind.OTHER_CLASSIFIER: Cause.FAILURE,
    ReasonKind.LANGUAGE: Cause.LANGUAGE,
    ReasonKind.AUTHOR_HELD: Cause.PERSON,
    ReasonKind.THREAD_HELD: Cause.PERSON,
    ReasonKind.MODERATOR: Cause.PERSON,
    ReasonKind.REPORT: Cause.REPORT,
    ReasonKind.APPEAL: Cause.APPEAL,
    ReasonKind.SECOND_LOOK: Cause.SECOND_LOOK,
    # It is found by the labels beside it.
    ReasonKind.CAP: Cause(0),
    **dict.fromkeys(OF_POLICIES, Cause.RULE),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is looking at a comment, and since when."""

    user_id: UserId
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Handover:
    """A comment that somebody gave to a colleague, with a word if they had one."""

    to: UserId
    by: UserId
    by_name: str
    word: str | None
    at: datetime


def causes_of(reasons: Iterable[Reason]) -> Cause:
    """Return what a comment with these reasons is found by."""
    causes = Cause(0)
    for reason in reasons:
        if reason.kind is ReasonKind.LABEL and reason.label is not None:
            causes |= Cause[reason.label.name]
        else:
            causes |= _OF_KIND.get(reason.kind, Cause.OTHER)
    return causes or Cause.OTHER


def in_words(causes: Cause) -> str:
    """Say several causes in one line."""
    return ", ".join(words for cause, words in CAUSES.items() if cause & causes)


def due_at(opened_at: datetime, risk: float, causes: Cause) -> datetime:
    """Return the moment that gives a review its place in the queue: the earlier, the sooner.

    The riskier, the less patience; so who waits moves ahead of what comes later, although time
    changes no place. Only a report or an appeal moves a waiting comment, and only forward.
    """
    start = opened_at - HEAD_START if causes & URGENT else opened_at
    return start + (1.0 - risk) * PATIENCE
