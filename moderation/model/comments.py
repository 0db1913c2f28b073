"""Comments: what a site posts, and what it should do with it now."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.model.ids import CommentId, SiteId
from moderation.model.perspective import AttributeScores

MAX_TEXT_LENGTH = 20_000
"""Characters (Unicode code points)."""


class Format(StrEnum):
    """How the text is written."""

    PLAIN = "plain"
    HTML = "html"


class Status(StrEnum):
    """Where a comment stands; follows its last decision."""

    PENDING = "pending"
    APPROVED = "approved"
    FLAGGED = "flagged"
    REJECTED = "rejected"
    ERASED = "erased"


class Display(StrEnum):
    """What the site should do with the comment now."""

    SHOW = "show"
    HOLD = "hold"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class DisplayRules:
    """What a site does with comments nobody has cleared yet."""

    while_pending: Display = Display.HOLD
    while_flagged: Display = Display.HOLD

    def display(self, status: Status) -> Display:
        """Say what the site should do with a comment of this status."""
        return {
            Status.PENDING: self.while_pending,
            Status.FLAGGED: self.while_flagged,
            Status.APPROVED: Display.SHOW,
            Status.REJECTED: Display.HIDE,
            Status.ERASED: Display.HIDE,
        }[status]


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a comment, as far as the site says; the address only as a salted digest."""

    id: str | None = None
    name: str | None = None
    role: str | None = None
    created_at: datetime | None = None
    email_digest: str | None = None
    url: str | None = None
    ip_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """The conversation under one article."""

    id: str | None = None
    url: str | None = None
    title: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it was sent, and what decides who judges it.

    `said_language` is what the sender says, `site_language` what a text counts as that is too short
    to tell, and `route` the version of the classifier for other languages.
    """

    text: str
    format: Format
    said_language: str | None
    site_language: str
    route: str | None


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment as a site posts it, checked but not yet stored."""

    external_id: str
    text: str
    format: Format = Format.PLAIN
    author: Author = field(default_factory=Author)
    thread: Thread = field(default_factory=Thread)
    url: str | None = None
    parent_external_id: str | None = None
    created_at: datetime | None = None
    edited_at: datetime | None = None
    language: str | None = None
    user_agent: str | None = None
    metadata: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    perspective_scores: AttributeScores = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comment:
    """A stored comment at its current revision; text and author are None once erased."""

    id: CommentId
    site_id: SiteId
    external_id: str
    revision: int
    text: str | None
    text_digest: str | None
    format: Format
    author: Author
    thread: Thread
    url: str | None
    parent_external_id: str | None
    language: str | None
    created_at: datetime | None
    edited_at: datetime | None
    received_at: datetime
    status: Status
    sequence: int
    reported: bool

    @property
    def written_at(self) -> datetime:
        """When its author wrote it, as far as the site says so."""
        return self.created_at or self.received_at


def digest_text(text: str) -> str:
    """Return the SHA-256 of the exact text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
