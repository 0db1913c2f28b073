"""The adapter over Detoxify (extra `detoxify`): five models, each as published and in int8.

`fetching` gets what was published and converts it once; what was converted runs without Detoxify,
without a hub and without unpickling anything. Here nothing heavy is imported.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from classifiers.detoxify.extras import not_installed
from classifiers.detoxify.manifest import read_manifest
from classifiers.detoxify.releases import RELEASES
from classifiers.fetches import Progress
from classifiers.interface import ClassifierOptions
from classifiers.windowed import WindowedClassifier
from moderation.model.labels import Label


def version(name: str, options: ClassifierOptions) -> str:
    """Return name and digest without reading the weights. Raises NotConfigured if not fetched."""
    return read_manifest(name, options.models).version


def check(name: str, options: ClassifierOptions) -> None:
    """Raise NotConfigured where a package is missing, or a file or not the one recorded."""
    for package in ("torch", "transformers"):
        if find_spec(package) is None:
            raise not_installed(package)
    check_int8(name, options)


def check_int8(name: str, options: ClassifierOptions) -> None:
    """Raise NotConfigured where a file is missing or not the one recorded."""
    read_manifest(name, options.models).check()


def labels(model_type: str) -> frozenset[Label]:
    """Return what a model scores: the older ones do not know sexual_explicit."""
    older = {Label.SEXUAL_EXPLICIT} if model_type.startswith("original") else set()
    return frozenset(Label) - older


def languages(model_type: str) -> frozenset[str]:
    """Return the languages that a model has learnt."""
    return RELEASES[model_type].languages


def load(model_type: str, options: ClassifierOptions) -> WindowedClassifier:
    """Load a model as it was published. Raises NotConfigured where something is missing."""
    runtime = import_module("classifiers.detoxify.exact")
    classifier: WindowedClassifier = runtime.load(RELEASES[model_type], options)
    return classifier


def load_int8(model_type: str, options: ClassifierOptions) -> WindowedClassifier:
    """Load a model in int8. Raises NotConfigured where something is missing."""
    runtime = import_module("classifiers.detoxify.int8")
    classifier: WindowedClassifier = runtime.load(RELEASES[model_type], options)
    return classifier


def fetch(model_type: str, models: Path, origin: str | None) -> Iterator[Progress]:
    """Get a model into the folder of models; see `fetching.fetch`."""
    steps: Iterator[Progress] = import_module("classifiers.detoxify.fetching").fetch(
        RELEASES[model_type], models, origin
    )
    return steps


def fetch_int8(model_type: str, models: Path, origin: str | None) -> Iterator[Progress]:
    """Get a model into the folder of models in int8, too; see `fetching.fetch_int8`."""
    steps: Iterator[Progress] = import_module("classifiers.detoxify.fetching").fetch_int8(
        RELEASES[model_type], models, origin
    )
    return steps
