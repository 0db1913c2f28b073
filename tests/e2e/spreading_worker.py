"""The workers' entry point: as `worker.app`, with the classifier of `tests.e2e.spreading`."""

from dataclasses import replace

from classifiers import registry
from classifiers.entry import Entry
from classifiers.interface import Classifier
from moderation.model.classifier_options import ClassifierOptions
from tests.e2e.spreading import Spreading

_shipped = registry.entry("compact")


def _load() -> Classifier:
    # Under the shipped classifier's name: the site's policy is bound to that.
    return Spreading(_shipped.version())


def entry(_options: ClassifierOptions) -> Entry:
    return replace(_shipped, load=_load)


registry.ENTRIES = {**registry.ENTRIES, "compact": entry}

from worker.app import app  # noqa: E402 - it reads the registry

__all__ = ["app"]
