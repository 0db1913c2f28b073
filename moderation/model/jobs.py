"""Jobs: one classification to do. Lanes carry their ids, never text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from moderation.model.comments import Written
from moderation.model.ids import CommentId, HeadId, JobId, SiteId


class Purpose(StrEnum):
    """Why a comment is classified. Within a lane they are served in alphabetical order."""

    DECIDE = "decide"
    EXPLAIN = "explain"
    SHADOW = "shadow"
    RESCORE = "rescore"


SCORING = (Purpose.DECIDE, Purpose.SHADOW, Purpose.RESCORE)
"""What comes of these is a classification; to explain adds to one."""


class Lane(StrEnum):
    """How urgent a job is: workers look at the lanes in this order."""

    LIVE = "live"
    BULK = "bulk"
    EXPLAIN = "explain"


class JobState(StrEnum):
    """Whether the classification is still to be done."""

    QUEUED = "queued"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class History:
    """Comments of a site from a moment on (None: all), and the version that shall score them."""

    site_id: SiteId
    classifier: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimedJob(Written):
    """A job that this worker holds under a lease; `token` fences everybody else.

    `classifier` is the version that shall score it, where it is not to decide. `head` is that of
    its site which is on.
    """

    id: JobId
    token: UUID
    comment_id: CommentId
    site_id: SiteId
    revision: int
    classifier: str
    purpose: Purpose
    lane: Lane
    attempts: int
    head: HeadId | None = None
