"""Standings: what people have said of an author or a thread, for all comments to come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from moderation.model.comments import Comment
from moderation.model.errors import FieldError, InvalidInput
from moderation.model.ids import SiteId, StandingId, UserId

MAX_ID_LENGTH = 255
MAX_REASON_LENGTH = 500
MAX_SUBJECT_NAME_LENGTH = 255

THREAD_HOLD = timedelta(hours=24)
"""For how long a thread is held where nobody says otherwise: a heated debate cools down."""


class SubjectKind(StrEnum):
    """What a standing can be of."""

    AUTHOR = "author"
    THREAD = "thread"


class Standing(StrEnum):
    """How far the next comments of an author, or in a thread, are trusted."""

    ORDINARY = "ordinary"
    TRUSTED = "trusted"
    HELD = "held"
    BANNED = "banned"


class StandingSource(StrEnum):
    """Who set a standing."""

    MODERATOR = "moderator"
    SITE = "site"
    OPERATOR = "operator"


ALLOWED = {
    SubjectKind.AUTHOR: tuple(Standing),
    SubjectKind.THREAD: (Standing.ORDINARY, Standing.HELD),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """An author or a thread, by the site's own id of it."""

    kind: SubjectKind
    id: str


@dataclass(frozen=True, slots=True)
class NewStanding:
    """What is to be set; `ends` is when, or after how long; None: for good.

    `name` is what the subject was called when somebody looked at it, so that lists can be read.
    """

    subject: Subject
    standing: Standing
    reason: str | None = None
    ends: datetime | timedelta | None = None
    name: str | None = None

    def check(self) -> None:
        """Raise InvalidInput if this cannot be set for anybody."""
        check_subject(self.subject)
        if self.standing not in ALLOWED[self.subject.kind]:
            raise InvalidInput("A thread can be held or released, and nothing else.")
        if len(self.reason or "") > MAX_REASON_LENGTH:
            raise InvalidInput(f"Use at most {MAX_REASON_LENGTH} characters for the reason.")

    def ends_at(self, now: datetime) -> datetime | None:
        """Return when it ends. Raises InvalidInput where that is over already."""
        if self.ends is None or self.standing is Standing.ORDINARY:
            return None
        end = now + self.ends if isinstance(self.ends, timedelta) else self.ends
        if end <= now:
            wrong = (FieldError("/ends_at", "it must lie ahead"),)
            raise InvalidInput("A standing cannot have ended already.", wrong)
        return end


@dataclass(frozen=True, slots=True)
class StandingChange:
    """One entry of what was set, by whom and why; append-only.

    `replaces` names the entry that stood before, and `undoes` the one that was taken back.
    """

    id: StandingId
    site_id: SiteId
    subject: Subject
    name: str | None
    standing: Standing
    reason: str | None
    ends_at: datetime | None
    source: StandingSource
    user_id: UserId | None
    user_name: str | None
    replaces: StandingId | None
    undoes: StandingId | None
    set_at: datetime
    replaced_at: datetime | None

    def at(self, now: datetime) -> Standing:
        """Return the standing that follows from it at a moment: what has ended is ordinary."""
        is_over = self.ends_at is not None and self.ends_at <= now
        return Standing.ORDINARY if is_over else self.standing

    def can_be_undone(self, now: datetime) -> bool:
        """Say whether it still stands, and did not itself take something back."""
        is_over = self.ends_at is not None and self.ends_at <= now
        return self.replaced_at is None and self.undoes is None and not is_over


@dataclass(frozen=True, slots=True)
class StandingSearch:
    """What to look for among standings: a kind of subject, the beginning of ids, and from where."""

    kind: SubjectKind | None = None
    beginning: str = ""
    before: StandingId | None = None


def check_subject(subject: Subject) -> None:
    """Raise InvalidInput if no author and no thread can have this id."""
    if not 1 <= len(subject.id) <= MAX_ID_LENGTH or "\0" in subject.id:
        raise InvalidInput(f"The id of an author or a thread has 1 to {MAX_ID_LENGTH} characters.")


def subject_of(comment: Comment, kind: SubjectKind) -> Subject | None:
    """Return the author or the thread of a comment; None where the site sends no id of it."""
    found = comment.author.id if kind is SubjectKind.AUTHOR else comment.thread.id
    return Subject(kind, found) if found else None


def name_in(comment: Comment, kind: SubjectKind) -> str | None:
    """Return what the author or the thread of a comment is called."""
    name = comment.author.name if kind is SubjectKind.AUTHOR else comment.thread.title
    return name and name[:MAX_SUBJECT_NAME_LENGTH]
