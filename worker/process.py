"""What one worker process holds: its runtime and, where it classifies, its classifier.

The weights are loaded before Celery's pool forks, so that its children share their memory and the
successor of one that died works at once; nothing is computed with them there, for the threads of a
tensor library do not survive a fork. Nor do connections: the runtime is made at its first use.
"""

from contextlib import suppress
from functools import cache, lru_cache

import structlog

from classifiers import languages, registry
from classifiers.interface import Classifier
from moderation.model.errors import ClassifierUnavailable, NotConfigured
from moderation.model.labels import Label
from moderation.runtime import Runtime, make_runtime
from moderation.services.classifier_versions import saw_classifier
from moderation.settings import Settings, read_settings

log = structlog.get_logger()


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return read_settings()


@cache
def runtime() -> Runtime:
    """Return the runtime of this process."""
    return make_runtime(settings())


@cache
def classifier() -> Classifier:
    """Load the classifier, and what tells languages; connects to nothing. Raises NotConfigured."""
    languages.load()
    return registry.load(settings().classifier, settings().classifier_options())


@cache
def other_classifier() -> Classifier | None:
    """Load the classifier for other languages, at its first use: it is large, and many need none.

    None where there is none or it does not load; what was routed to it is left to people then.
    """
    name = settings().other_classifier
    if name is None:
        return None
    try:
        return registry.load(name, settings().classifier_options())
    except Exception as error:  # noqa: BLE001 - it must not be tried again at every comment
        reason = str(error) if isinstance(error, NotConfigured) else type(error).__name__
        log.error("other_classifier_failed", classifier=name, reason=reason)  # noqa: TRY400 - the reason says it all
        return None


def note_version() -> None:
    """Note in the database which version judges here; again where it has changed meanwhile.

    One that is away is noted when it is back.
    """
    judging = classifier()
    with suppress(ClassifierUnavailable):
        _note(judging.version, judging.labels)


@lru_cache(maxsize=1)
def _note(version: str, labels: frozenset[Label]) -> None:
    saw_classifier(runtime(), version, sorted(labels))
