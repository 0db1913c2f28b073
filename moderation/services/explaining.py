"""Explaining: why a comment was flagged, for whoever is to decide on it."""

from collections.abc import Sequence
from datetime import datetime

from moderation.model.ids import CommentId
from moderation.model.jobs import ClaimedJob
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.keeping import Scored
from moderation.storage import classifications, reviews
from moderation.storage.database import Connection


def labels_over(runtime: Runtime, job: ClaimedJob) -> dict[Label, float]:
    """Return the labels for which the job's comment waits, with the thresholds they are over.

    Nothing where it waits no more. Raises StorageUnavailable.
    """
    with runtime.reading() as connection:
        return thresholds_over(connection, job.comment_id)


def thresholds_over(connection: Connection, comment_id: CommentId) -> dict[Label, float]:
    """Return the labels for which a comment waits, with the thresholds they are over."""
    return {
        reason.label: reason.threshold
        for reason in reviews.reasons_of_waiting(connection, comment_id)
        if reason.label is not None and reason.threshold is not None
    }


def add_marks(connection: Connection, explained: Sequence[Scored], _now: datetime) -> int:
    """Add marks to the classifications that they explain; nothing is announced of it."""
    for one in explained:
        if one.outcome.marks is not None:
            classifications.add_marks(connection, one.outcome.job, one.outcome.marks)
    return 0
