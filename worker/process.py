"""What one worker process holds: its runtime and, where it classifies, its classifier.

The weights are loaded before Celery's pool forks, so that its children share their memory and the
successor of one that died works at once; nothing is computed with them there, for the threads of a
tensor library do not survive a fork. Nor do connections: the runtime is made at its first use.
"""

from functools import cache

from classifiers import registry
from classifiers.interface import Classifier, ClassifierOptions
from moderation.runtime import Runtime, make_runtime
from moderation.services.classifier_versions import saw_classifier
from moderation.settings import Settings, read_settings


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return read_settings()


@cache
def runtime() -> Runtime:
    """Return the runtime of this process."""
    return make_runtime(settings())


@cache
def weights() -> Classifier:
    """Load the classifier; connects to nothing. Raises NotConfigured."""
    options = ClassifierOptions(settings().models, settings().classifier_device)
    return registry.load(settings().classifier, options)


@cache
def classifier() -> Classifier:
    """Return the classifier of this process, noted in the database. Raises NotConfigured."""
    loaded = weights()
    saw_classifier(runtime(), loaded.version, sorted(loaded.labels))
    return loaded
