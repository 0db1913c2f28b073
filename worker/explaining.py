"""Explaining: the marks of one flagged comment, in bounded time."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from classifiers.explaining import explain
from classifiers.interface import Classifier
from moderation.markup import as_read
from moderation.model.classification import Facts, Outcome
from moderation.model.jobs import ClaimedJob
from moderation.model.marks import Mark
from moderation.runtime import Runtime
from moderation.services.explaining import labels_over

log = structlog.get_logger()

MOST_SECONDS = 3.0
"""For one comment: others wait for their decisions meanwhile."""


def explained(
    runtime: Runtime, classifier: Classifier, job: ClaimedJob, between: Callable[[], None]
) -> Outcome:
    """Return the outcome of a job that explains; without marks where that cannot be done.

    Raises StorageUnavailable, and whatever the classifier raises at this text.
    """
    marks = _marks(runtime, classifier, job, between)
    return Outcome(job, Facts(classifier=job.classifier), marks=marks)


def _marks(
    runtime: Runtime, classifier: Classifier, job: ClaimedJob, between: Callable[[], None]
) -> tuple[Mark, ...] | None:
    # Another version's scores would be explained by what this one thinks.
    if classifier.version != job.classifier:
        return None
    over = labels_over(runtime, job)
    # What the site's head says no classifier can explain.
    thresholds = {label: line for label, line in over.items() if label in classifier.labels}
    if not thresholds:
        return None
    text = as_read(job.text, job.format)
    watch = _Watch(between, time.monotonic() + MOST_SECONDS)
    try:
        return explain(classifier, text, thresholds, between=watch)
    except _TookTooLongError:
        log.warning("not_explained", job=str(job.id), seconds=MOST_SECONDS)
        return None


class _TookTooLongError(Exception):
    """A text takes longer to explain than others may be kept waiting."""


@dataclass(frozen=True, slots=True)
class _Watch:
    """Ends the work after a moment, looked at between tensor calls."""

    between: Callable[[], None]
    until: float

    def __call__(self) -> None:
        self.between()
        if time.monotonic() > self.until:
            raise _TookTooLongError
