"""The words that moderators read for standings."""

from datetime import timedelta

from moderation.model.standings import (
    THREAD_HOLD,
    Standing,
    StandingChange,
    StandingSource,
    SubjectKind,
)

KINDS = {SubjectKind.AUTHOR: "Author", SubjectKind.THREAD: "Thread"}

STANDINGS = {
    Standing.ORDINARY: "Ordinary",
    Standing.TRUSTED: "Trusted",
    Standing.HELD: "Held",
    Standing.BANNED: "Banned",
}

DO = {Standing.HELD: "Hold", Standing.BANNED: "Ban", Standing.TRUSTED: "Trust"}
"""What moderators do with an author, the mildest first: Enter in the form does that."""

DO_NO_LONGER = {
    Standing.TRUSTED: "Trust no longer",
    Standing.HELD: "Hold no longer",
    Standing.BANNED: "Lift the ban",
}

LASTING = {
    "": (None, "for good"),
    "day": (timedelta(days=1), "for a day"),
    "week": (timedelta(weeks=1), "for a week"),
    "thread": (THREAD_HOLD, "for 24 hours"),
}

_WHAT_FOLLOWS = {
    (SubjectKind.AUTHOR, Standing.BANNED): "Their next comments are rejected.",
    (SubjectKind.AUTHOR, Standing.HELD): "Their next comments wait for a person.",
    (SubjectKind.AUTHOR, Standing.TRUSTED): "Scores a little over a threshold flag them no longer.",
    (SubjectKind.THREAD, Standing.HELD): "Every new comment in it waits for a person.",
}

_SOURCES = {
    StandingSource.MODERATOR: "a moderator",
    StandingSource.SITE: "the site",
    StandingSource.OPERATOR: "an operator",
}


def done(change: StandingChange) -> str:
    """Say what a change did."""
    again = " again" if change.undoes or change.standing is Standing.ORDINARY else ""
    what = f"{STANDINGS[change.standing].lower()}{again}"
    kind = KINDS[change.subject.kind]
    return f"Undone, {kind.lower()} {what}" if change.undoes else f"{kind} {what}"


def what_follows(change: StandingChange) -> str:
    """Say what it means for the comments to come."""
    return _WHAT_FOLLOWS.get((change.subject.kind, change.standing), "")


def who(change: StandingChange) -> str:
    """Say who set it."""
    return change.user_name or _SOURCES[change.source]
