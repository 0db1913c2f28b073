"""How long a task may run and a lease lasts; both belong to the classifier's speed."""

from classifiers import registry
from classifiers.entry import Entry
from moderation.settings import Settings
from worker.drain import LOOP_SECONDS

MARGIN_SECONDS = 1.0

PATIENCE_SECONDS = 45.0
"""More than the way back to a Redis that was away takes, and than any webhook may take."""


def slowest(settings: Settings) -> Entry:
    """Return what is known of the slowest of the classifiers that a process may run."""
    names = filter(None, (settings.classifier, settings.other_classifier, settings.next_classifier))
    entries = (registry.entry(name, settings.classifier_options()) for name in names)
    return max(entries, key=lambda entry: entry.time_limit)


def time_limit_of(entry: Entry) -> float:
    """Return the seconds after which Celery kills a task: the loop, and one batch begun late."""
    return LOOP_SECONDS + entry.time_limit + MARGIN_SECONDS


def lease_of(entry: Entry) -> float:
    """Return the seconds that a lease lasts.

    It outlasts the time limit: whoever held the job is dead before anybody else may take it.
    """
    return time_limit_of(entry) + 2 * MARGIN_SECONDS


def patience_of(entry: Entry) -> float:
    """Return the seconds after which a worker with work and no ended task counts as stuck.

    A task may take its whole limit, and to start a healthy worker again costs more than to wait.
    """
    return PATIENCE_SECONDS + time_limit_of(entry)
