"""Team notes: what people at the desk write for each other; a site never sees them.

The note that goes with a decision is for the site and is something else.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.model.errors import InvalidInput
from moderation.model.ids import TeamNoteId, UserId

MAX_LENGTH = 1000
"""Characters."""


class About(StrEnum):
    """What a team note is about."""

    COMMENT = "comment"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class TeamNote:
    """A note, and who wrote it."""

    id: TeamNoteId
    about: About
    text: str
    user_id: UserId
    user_name: str
    written_at: datetime


def check_text(text: str) -> str:
    """Return the text, trimmed, if it may be kept. Raises InvalidInput."""
    text = text.strip()
    if not text or len(text) > MAX_LENGTH:
        raise InvalidInput("A team note has 1 to %(most)s characters.", most=MAX_LENGTH)
    return text
