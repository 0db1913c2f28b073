"""Reviews: comments that wait for a person."""

from enum import StrEnum


class ReviewState(StrEnum):
    """Whether somebody still has to look."""

    OPEN = "open"
    CLAIMED = "claimed"
    RESOLVED = "resolved"
