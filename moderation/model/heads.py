"""Heads: what a site learnt from its moderators, in numbered versions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from moderation.model.head_trials import Finding, Trial
from moderation.model.ids import HeadId, SiteId
from moderation.model.learning import Supply

LEASE = timedelta(minutes=5)
"""Ten times as long as training takes at most: whoever is not done by then has probably died."""


class HeadState(StrEnum):
    """Whether it is trained yet."""

    ASKED = "asked"
    TRAINED = "trained"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a head was trained on: decisions made before `until`, and what tells them apart."""

    until: datetime
    supply: Supply
    first: datetime
    last: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class ClaimedHead:
    """A head that this process trains under a lease, on decisions made before `until`.

    The lease begins then. Whoever still trains when it has run out does no harm: the first result
    is kept.
    """

    id: HeadId
    until: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class SiteHead:
    """A version of a site's head, for the scores of one classifier version.

    `fingerprint` is the SHA-256 of its weights. `filled` says whether the scores of the past are
    there, and `filled_back_to` until when they are.
    """

    id: HeadId
    site_id: SiteId
    number: int
    classifier: str
    state: HeadState
    asked_at: datetime
    asked_by: str | None
    failure: str | None = None
    lessons: Lessons | None = None
    trial: Trial | None = None
    fingerprint: str | None = None
    on_at: datetime | None = None
    on_by: str | None = None
    off_at: datetime | None = None
    filled_back_to: datetime | None = None
    filled: bool = False

    @property
    def is_on(self) -> bool:
        """Say whether new comments get its score."""
        return self.on_at is not None and self.off_at is None

    @property
    def is_offered(self) -> bool:
        """Say whether it may be switched on: only what is better with confidence."""
        return self.trial is not None and self.trial.finding is Finding.BETTER
