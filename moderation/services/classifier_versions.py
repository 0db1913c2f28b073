"""Classifier versions: which scores this installation's thresholds have to do with."""

from collections.abc import Sequence

from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.storage import classifier_versions


def saw_classifier(
    runtime: Runtime, version: str, labels: Sequence[Label], *, decides: bool = True
) -> None:
    """Note that a worker of this installation runs this classifier version.

    One that does not decide, but scores history, is not the one that thresholds are for at first.
    """
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        classifier_versions.saw(connection, version, [label.value for label in labels], now)
        if decides:
            classifier_versions.started(connection, version, now)
