"""What claims on comments should come to, as a dictionary beside the real storage."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.model.ids import CommentId
from moderation.model.people import User
from moderation.model.reviews import CLAIM, HANDED


@dataclass
class Expected:
    """One comment that waits, or was decided; the number says its place in the queue."""

    comment_id: CommentId
    number: int
    sequence: int = 1
    open: bool = True
    holder: User | None = None
    since: datetime | None = None
    until: datetime | None = None
    handed_to: User | None = None
    handed_by: User | None = None
    escalated: bool = False
    decided_by_operators: bool = False
    """Whether the last decision was one on what waited for them."""

    def holder_at(self, now: datetime) -> User | None:
        """Return who is on it; a claim that has run out is no claim."""
        return self.holder if self.until is not None and self.until > now else None

    def is_free_for(self, user: User, now: datetime) -> bool:
        return self.is_for(user) and self.holder_at(now) in (None, user)

    def is_for(self, user: User) -> bool:
        """Say whether it waits, and this person may decide on it."""
        return self.open and (not self.escalated or user.is_operator)

    def claim(self, user: User, now: datetime, length: timedelta = CLAIM) -> None:
        """Claim it, or renew the claim on it."""
        until = now + length
        if self.holder_at(now) == user and self.until is not None:
            self.until = max(self.until, until)
        else:
            self.holder, self.since, self.until = user, now, until

    def free(self) -> None:
        self.holder = self.since = self.until = None

    def hand(self, by: User, to: User, now: datetime) -> None:
        self.free()
        self.claim(to, now, HANDED)
        self.handed_to, self.handed_by = to, by

    def keep(self) -> None:
        """Leave it to everybody."""
        self.handed_to = self.handed_by = None

    def escalate(self) -> None:
        self.escalated = True
        self.free()
        self.keep()

    def decide(self) -> None:
        self.decided_by_operators = self.open and self.escalated
        self.escalated = self.escalated and self.open
        self.open = False
        self.sequence += 1
        self.free()
        self.keep()

    def reopen(self) -> None:
        self.open = True
        self.sequence += 1
