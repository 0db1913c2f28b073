"""The embedded default: a small English model that ships with its weights."""

from importlib import import_module

from classifiers.compact.manifest import read_manifest
from classifiers.entry import Entry
from classifiers.interface import Classifier
from classifiers.second_view import versioned, with_second_view
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.labels import OF_CLASSIFIERS, Label

LABELS = frozenset(OF_CLASSIFIERS) - {Label.SEXUAL_EXPLICIT}
LANGUAGES = frozenset({"en"})


def entry(_options: ClassifierOptions) -> Entry:
    """Return what the registry knows of it."""
    # 20,000 characters that are a token each (Chinese) are 213 windows, 2.9 to 3.4 s; a second
    # view is at most 62 more.
    return Entry(
        load=load,
        version=version,
        check=check,
        labels=lambda: LABELS,
        languages=lambda: LANGUAGES,
        time_limit=6.0,
    )


def version() -> str:
    """Return name and digest without reading the weights. Raises NotConfigured."""
    return versioned(read_manifest().version)


def check() -> None:
    """Raise NotConfigured where a file is missing or not the manifest's."""
    manifest = read_manifest()
    manifest.weights.read()
    manifest.tokenizer.read()


def load() -> Classifier:
    """Load the weights. Raises NotConfigured where a file is not the manifest's.

    onnxruntime is imported only here, a fifth of a second that the rest of the command line
    need not wait for.
    """
    return with_second_view(import_module("classifiers.compact.model").load())
