"""What moderators ask the desk for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.model.comments import Status
from moderation.model.ids import ReviewId, UserId
from moderation.model.reviews import Cause
from moderation.model.words import Field, Sought, sought_in


class Order(StrEnum):
    """What comes first in the queue."""

    PRESSING = "pressing"
    NEAREST = "nearest"
    """To the threshold: where a person's word teaches most."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which part of the queue to look at; whatever is given must hold, and in which order.

    `author` is the site's own id of an author, or the name of one without an id.
    """

    section: str | None = None
    cause: Cause | None = None
    overdue: bool = False
    author: str | None = None
    mine: bool = False
    escalated: bool = False
    """What waits for operators, instead of what waits for everybody."""
    opted_out: bool = False
    """What this person leaves to colleagues, instead of what they are given."""
    order: Order = Order.PRESSING


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue: what its order goes by there, and the id of the review."""

    at: datetime | float
    review_id: ReviewId


class WhyNot(StrEnum):
    """Why a person leaves a decision to others."""

    ESCALATED = "escalated"
    DISPUTED = "disputed"
    APPEALED = "appealed"


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks at the queue, and when: what they skipped is behind the others for them."""

    user_id: UserId
    now: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for among comments; each given field must match."""

    status: Status | None = None
    text: str = ""
    author: str = ""
    thread: str = ""

    def sought(self) -> list[list[Sought]]:
        """Return the words sought in each field that was typed into; without any, none."""
        typed = ((Field.TEXT, self.text), (Field.AUTHOR, self.author), (Field.THREAD, self.thread))
        return [sought_in(field, words) for field, words in typed if words]
