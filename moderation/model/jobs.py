"""Jobs: one classification to do. Lanes carry their ids, never text."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from moderation.model.comments import Format
from moderation.model.ids import CommentId, JobId, SiteId


class Purpose(StrEnum):
    """Why a comment is classified. Within a lane they are served in alphabetical order."""

    DECIDE = "decide"
    SHADOW = "shadow"
    RESCORE = "rescore"


class Lane(StrEnum):
    """How urgent a job is."""

    LIVE = "live"
    BULK = "bulk"


class JobState(StrEnum):
    """Whether the classification is still to be done."""

    QUEUED = "queued"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job that this worker holds under a lease; `token` fences everybody else.

    `said_language` is what the site says of the comment, `site_language` what a comment counts as
    that is too short to tell, and `route` the version of the classifier for other languages.
    `classifier` is the version that shall score it, where it is not to decide.
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
    text: str
    format: Format
    said_language: str | None
    site_language: str
    route: str | None
