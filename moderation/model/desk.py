"""What moderators ask the desk for."""

from dataclasses import dataclass
from datetime import datetime

from moderation.model.comments import Status
from moderation.model.ids import ReviewId, UserId
from moderation.model.words import Field, Sought, sought_in


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue: the risk and the id of the review there."""

    risk: float
    review_id: ReviewId


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
