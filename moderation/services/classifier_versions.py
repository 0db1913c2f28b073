"""Classifier versions: which scores this installation's thresholds have to do with."""

from collections.abc import Sequence

from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.storage import classifier_versions


def saw_classifier(runtime: Runtime, version: str, labels: Sequence[Label]) -> None:
    """Note that a worker of this installation runs this classifier version."""
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        classifier_versions.saw(connection, version, [label.value for label in labels], now)
