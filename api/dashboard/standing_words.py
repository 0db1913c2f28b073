"""The words that moderators read for standings."""

from collections.abc import Mapping
from datetime import timedelta

from api.dashboard.languages import Words, noted
from moderation.model.standings import (
    THREAD_HOLD,
    Standing,
    StandingChange,
    StandingSource,
    SubjectKind,
)

KINDS = Words({SubjectKind.AUTHOR: noted("Author"), SubjectKind.THREAD: noted("Thread")})

STANDINGS = Words(
    {
        Standing.ORDINARY: noted("Ordinary"),
        Standing.TRUSTED: noted("Trusted"),
        Standing.HELD: noted("Held"),
        Standing.BANNED: noted("Banned"),
    }
)

DO = Words(
    {Standing.HELD: noted("Hold"), Standing.BANNED: noted("Ban"), Standing.TRUSTED: noted("Trust")}
)
"""What moderators do with an author, the mildest first: Enter in the form does that."""

DO_NO_LONGER = Words(
    {
        Standing.TRUSTED: noted("Trust no longer"),
        Standing.HELD: noted("Hold no longer"),
        Standing.BANNED: noted("Lift the ban"),
    }
)

LASTING: Mapping[str, timedelta | None] = {
    "": None,
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "thread": THREAD_HOLD,
}

HOW_LONG = Words(
    {
        "": noted("for good"),
        "day": noted("for a day"),
        "week": noted("for a week"),
        "thread": noted("for 24 hours"),
    }
)

_DONE = Words(
    {
        (SubjectKind.AUTHOR, Standing.ORDINARY): noted("Author ordinary again"),
        (SubjectKind.AUTHOR, Standing.TRUSTED): noted("Author trusted"),
        (SubjectKind.AUTHOR, Standing.HELD): noted("Author held"),
        (SubjectKind.AUTHOR, Standing.BANNED): noted("Author banned"),
        (SubjectKind.THREAD, Standing.ORDINARY): noted("Thread ordinary again"),
        (SubjectKind.THREAD, Standing.HELD): noted("Thread held"),
    }
)

_UNDONE = Words(
    {
        (SubjectKind.AUTHOR, Standing.ORDINARY): noted("Undone, author ordinary again"),
        (SubjectKind.AUTHOR, Standing.TRUSTED): noted("Undone, author trusted again"),
        (SubjectKind.AUTHOR, Standing.HELD): noted("Undone, author held again"),
        (SubjectKind.AUTHOR, Standing.BANNED): noted("Undone, author banned again"),
        (SubjectKind.THREAD, Standing.ORDINARY): noted("Undone, thread ordinary again"),
        (SubjectKind.THREAD, Standing.HELD): noted("Undone, thread held again"),
    }
)

_WHAT_FOLLOWS = Words(
    {
        (SubjectKind.AUTHOR, Standing.BANNED): noted("Their next comments are rejected."),
        (SubjectKind.AUTHOR, Standing.HELD): noted("Their next comments wait for a person."),
        (SubjectKind.AUTHOR, Standing.TRUSTED): noted(
            "Scores a little over a threshold flag them no longer."
        ),
        (SubjectKind.THREAD, Standing.HELD): noted("Every new comment in it waits for a person."),
    }
)

_SOURCES = Words(
    {
        StandingSource.MODERATOR: noted("a moderator"),
        StandingSource.SITE: noted("the site"),
        StandingSource.OPERATOR: noted("an operator"),
    }
)


def done(change: StandingChange) -> str:
    """Say what a change did."""
    return (_UNDONE if change.undoes else _DONE)[change.subject.kind, change.standing]


def what_follows(change: StandingChange) -> str:
    """Say what it means for the comments to come."""
    return _WHAT_FOLLOWS.get((change.subject.kind, change.standing), "")


def who(change: StandingChange) -> str:
    """Say who set it."""
    return change.user_name or _SOURCES[change.source]
