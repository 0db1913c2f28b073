"""Shadows: a policy, or another classifier with one, that judges beside what decides."""

from dataclasses import dataclass
from datetime import datetime

from moderation.model.ids import ShadowId, SiteId
from moderation.model.policy import Policy

MOST_WAITING = 5_000
"""Where so many comments wait to be scored for shadows, those that come meanwhile are left out."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """A policy that judges a site's comments from a moment on, and decides nothing.

    It is for the classifier version that decides, whose scores it judges too, or for another one,
    which scores each comment once more. A name is None where a command did it. `promoted` is the
    version as which it was published.
    """

    id: ShadowId
    site_id: SiteId
    policy: Policy
    reason: str
    started_by: str | None
    started_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None
    promoted: int | None = None

    @property
    def classifier(self) -> str:
        """The version whose scores it judges."""
        return self.policy.classifier


@dataclass(frozen=True, slots=True)
class ShadowJobs:
    """How the other classifier gets on: comments that wait for it, and that it was not there for.

    `is_missing` where no worker had it for the last comment that was tried.
    """

    waiting: int
    called_off: int
    is_missing: bool
