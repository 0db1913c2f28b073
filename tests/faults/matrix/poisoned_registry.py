"""In the process that imports this, and only there, the compact classifier can be poisoned."""

import os
from dataclasses import replace

from classifiers import registry
from classifiers.entry import Entry
from classifiers.interface import Classifier
from moderation.model.classifier_options import ClassifierOptions
from tests.faults.matrix.poison import Poisonable

TIME_LIMIT = "COPYDESK_MATRIX_TIME_LIMIT"
"""The variable that shortens the time limit of a batch, and with it the lease."""

_shipped = registry.entry("compact")


def _load() -> Classifier:
    return Poisonable(_shipped.load())  # type: ignore[return-value]


def entry(_options: ClassifierOptions) -> Entry:
    limit = float(os.environ.get(TIME_LIMIT, _shipped.time_limit))
    return replace(_shipped, load=_load, time_limit=limit)


registry.ENTRIES = {**registry.ENTRIES, "compact": entry}
