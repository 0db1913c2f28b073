"""The embedded default: a small English model that ships with its weights."""

from importlib import import_module

from classifiers.compact.manifest import read_manifest
from classifiers.interface import ClassifierOptions
from classifiers.windowed import WindowedClassifier

LANGUAGES = frozenset({"en"})


def version(_options: ClassifierOptions) -> str:
    """Return name and digest without reading the weights. Raises NotConfigured."""
    return read_manifest().version


def check(_options: ClassifierOptions) -> None:
    """Raise NotConfigured where a file is missing or not the manifest's."""
    manifest = read_manifest()
    manifest.weights.read()
    manifest.tokenizer.read()


def load(_options: ClassifierOptions) -> WindowedClassifier:
    """Load the weights. Raises NotConfigured where a file is not the manifest's.

    onnxruntime is imported only here, a fifth of a second that the rest of the command line
    need not wait for.
    """
    classifier: WindowedClassifier = import_module("classifiers.compact.model").load()
    return classifier
