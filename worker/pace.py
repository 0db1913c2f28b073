"""Pace: how many comments make a batch, learned from how long the last ones took."""

from collections.abc import Sequence

from moderation.model.jobs import ClaimedJob

BATCH_SECONDS = 0.5
"""What a batch should take: short enough that a restart is quick and new comments get their turn,
long enough that claiming and recording cost little beside classifying."""

MAX_BATCH = 64
"""More saves nothing: at 32 the queue costs 3 % of a classifier that needs 1 ms a comment."""

_WEIGHT = 0.2
_FIRST_GUESS = 0.05


class Pace:
    """Moving averages of one process; it never says more than `most`."""

    def __init__(self, most: int = MAX_BATCH) -> None:
        self._most = most
        self._seconds_per_comment = _FIRST_GUESS

    @property
    def size(self) -> int:
        """How many comments to claim next."""
        return max(1, min(self._most, round(BATCH_SECONDS / self._seconds_per_comment)))

    def took(self, comments: int, seconds: float) -> None:
        """Learn from a batch."""
        measured = max(seconds / comments, 1e-6)
        self._seconds_per_comment += _WEIGHT * (measured - self._seconds_per_comment)


def cut(jobs: Sequence[ClaimedJob], characters: int) -> list[list[ClaimedJob]]:
    """Cut jobs into batches of at most so many characters, or one longer text alone."""
    batches: list[list[ClaimedJob]] = []
    room = 0
    for job in jobs:
        length = max(len(job.text), 1)
        if length > room or not batches:
            batches.append([])
            room = characters
        batches[-1].append(job)
        room -= length
    return batches
