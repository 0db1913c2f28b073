"""In the process that imports this, and only there, the compact classifier can be poisoned."""

import os
from dataclasses import replace

from classifiers import registry
from classifiers.interface import Classifier, ClassifierOptions
from tests.faults.matrix.poison import Poisonable

TIME_LIMIT = "COPYDESK_MATRIX_TIME_LIMIT"
"""The variable that shortens the time limit of a batch, and with it the lease."""

_shipped = registry.entry("compact")


def _load(options: ClassifierOptions) -> Classifier:
    return Poisonable(_shipped.load(options))  # type: ignore[return-value]


entry = replace(
    _shipped, load=_load, time_limit=float(os.environ.get(TIME_LIMIT, _shipped.time_limit))
)
registry.ENTRIES = {**registry.ENTRIES, "compact": entry}
