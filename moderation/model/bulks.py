"""Bulks: many comments decided by one act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from moderation.model.decisions import Reason
from moderation.model.desk import EVERYTHING, Filter
from moderation.model.ids import ActId, BulkId, CommentId, DecisionId, ReviewId, SiteId, UserId
from moderation.model.labels import Label

MOST = 5_000
"""Comments of one bulk: more than anybody can answer for after a look at some."""

UNDO_FOR = timedelta(seconds=60)
"""How long a bulk can be undone after it ended; while it runs, at any time."""


TRIES = 20
"""Turns in a row that may break as a whole, one a second.

What passes by itself has passed by then, and what is wrong with the bulk itself never does.
"""


class BulkAction(StrEnum):
    """What is done to every comment of a bulk."""

    APPROVE = "approve"
    REJECT = "reject"
    ESCALATE = "escalate"


class BulkState(StrEnum):
    """How far a bulk is."""

    PREVIEWED = "previewed"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Means(StrEnum):
    """How the comments were selected."""

    HAND = "hand"
    AUTHOR = "author"
    TEXT = "text"
    BAND = "band"


class Fate(StrEnum):
    """What becomes of one comment of a bulk; all but the first three say why it was left."""

    WAITING = "waiting"
    DONE = "done"
    UNDONE = "undone"
    CHANGED = "changed"
    """Decided, edited or brought back by somebody since it was selected."""
    CLAIMED = "claimed"
    ESCALATED = "escalated"
    APPEALED = "appealed"
    DISPUTED = "disputed"
    """Two people judged it differently, and a third one decides."""
    ELSEWHERE = "elsewhere"
    """At another site: reasons and people are each site's own."""
    NOT_ALLOWED = "not-allowed"
    FAILED = "failed"
    STOPPED = "stopped"
    KEPT = "kept"
    """Decided in the bulk, and changed since by somebody else, or undoing it broke."""


UNDER_WAY = frozenset({BulkState.RUNNING, BulkState.UNDOING})


@dataclass(frozen=True, slots=True)
class Band:
    """Scores of one label by one classifier version, from `low` to below `high`; 1 is inside."""

    label: Label
    low: float
    high: float
    classifier: str

    def distance(self, score: float) -> float:
        """Return how far a score is from the nearer edge."""
        return min(abs(score - self.low), abs(self.high - score))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A comment chosen by hand, and its sequence that the person saw."""

    comment_id: CommentId
    seen: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Which comments to look at together.

    By hand: `chosen`. By author or text: `like`, a comment of the author or with the text.
    By score: `band`, of a site, among what passes the filter.
    """

    means: Means
    chosen: tuple[Chosen, ...] = ()
    like: CommentId | None = None
    site_id: SiteId | None = None
    band: Band | None = None
    sought: Filter = EVERYTHING


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says with every decision of a bulk, as the site's reasons were then."""

    reason: Reason | None = None
    note: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Bulk:
    """One act on many comments of a site. `selected` says which band, and never which comments."""

    id: BulkId
    user_id: UserId
    site_id: SiteId
    means: Means
    selected: Mapping[str, Any]
    state: BulkState
    created_at: datetime
    action: BulkAction | None = None
    said: Said = field(default_factory=Said)
    act_id: ActId | None = None
    ended_at: datetime | None = None
    broken_turns: int = 0
    """How many turns broke as a whole since one did not."""

    @property
    def given_up(self) -> bool:
        """Say whether workers left the rest as it is, since turn after turn broke."""
        return self.broken_turns >= TRIES

    @property
    def undone_until(self) -> datetime | None:
        """Until when it can be undone; None while it did not end."""
        return None if self.ended_at is None else self.ended_at + UNDO_FOR

    def can_be_undone(self, now: datetime) -> bool:
        """Say whether its time for undoing is not over."""
        if self.state is BulkState.RUNNING:
            return True
        until = self.undone_until
        return self.state is BulkState.DONE and until is not None and now < until


@dataclass(frozen=True, slots=True)
class BulkComment:
    """One comment of a bulk, as it stood when it was previewed."""

    position: int
    comment_id: CommentId
    seen: int
    review_id: ReviewId | None
    escalated_at: datetime | None
    reports_seen: int
    fate: Fate
    decision_id: DecisionId | None = None
    done_at: datetime | None = None
