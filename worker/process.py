"""What one Celery process holds: its runtime, and what it notes of its classifier.

Connections do not survive a fork: the runtime is made at its first use.
"""

from contextlib import suppress
from functools import cache, lru_cache

from classifiers.interface import Classifier
from moderation.model.errors import ClassifierUnavailable
from moderation.model.labels import Label
from moderation.runtime import Runtime, make_runtime
from moderation.services.classifier_versions import saw_classifier
from worker import weights


@cache
def runtime() -> Runtime:
    """Return the runtime of this process, for whatever it does but judge."""
    return make_runtime(weights.settings())


@cache
def judging() -> Runtime:
    """Return the runtime in which this process judges: all that is read, jobs name."""
    return make_runtime(weights.settings(), by_keys=True)


def note_version() -> None:
    """Note in the database which version judges here; again where it has changed meanwhile.

    One that is away is noted when it is back.
    """
    loaded = weights.weights()
    with suppress(ClassifierUnavailable):
        _note(loaded.version, loaded.labels)


@cache
def classifier_of(version: str) -> Classifier | None:
    """Load the one of this version beside that of this process, noted as one that only scores.

    None where there is none, or it does not load.
    """
    found = weights.classifier_of(version)
    if found is not None:
        saw_classifier(judging(), found.version, sorted(found.labels), decides=False)
    return found


@lru_cache(maxsize=1)
def _note(version: str, labels: frozenset[Label]) -> None:
    saw_classifier(judging(), version, sorted(labels))
