"""The adapter over Detoxify (extra `detoxify`): five models, each as published and in int8.

`fetching` gets what was published and converts it once; what was converted runs without Detoxify,
without a hub and without unpickling anything. Here nothing heavy is imported.
"""

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from classifiers.detoxify.extras import not_installed
from classifiers.detoxify.manifest import read_manifest
from classifiers.detoxify.releases import RELEASES
from classifiers.entry import Entry
from classifiers.fetches import Progress
from classifiers.interface import Classifier
from classifiers.second_view import versioned, with_second_view
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.labels import OF_CLASSIFIERS, Label


def exact_entry(model_type: str, options: ClassifierOptions) -> Entry:
    """Return what the registry knows of a model as it was published."""
    # 20,000 characters that are a token each (Chinese) are 42 windows of 512 tokens, 1.1 to 1.3 s
    # each on one thread, and a second view 15 more: 63 to 75 s.
    name = RELEASES[model_type].name
    return Entry(
        load=partial(load, model_type, options),
        version=partial(version, name, options.models),
        check=partial(check, name, options.models),
        labels=partial(labels, model_type),
        languages=partial(languages, model_type),
        time_limit=120.0,
        fetch=partial(fetch, model_type),
        on_gpu=True,
    )


def int8_entry(model_type: str, options: ClassifierOptions) -> Entry:
    """Return what the registry knows of a model in int8."""
    # The same windows take 0.43 s each: 18 to 25 s.
    name = RELEASES[model_type].int8_name
    return Entry(
        load=partial(load_int8, model_type, options),
        version=partial(version, name, options.models),
        check=partial(check_int8, name, options.models),
        labels=partial(labels, model_type),
        languages=partial(languages, model_type),
        time_limit=60.0,
        fetch=partial(fetch_int8, model_type),
    )


def version(name: str, models: Path) -> str:
    """Return name and digest without reading the weights. Raises NotConfigured if not fetched."""
    return versioned(read_manifest(name, models).version)


def check(name: str, models: Path) -> None:
    """Raise NotConfigured where a package is missing, or a file or not the one recorded."""
    for package in ("torch", "transformers"):
        if find_spec(package) is None:
            raise not_installed(package)
    check_int8(name, models)


def check_int8(name: str, models: Path) -> None:
    """Raise NotConfigured where a file is missing or not the one recorded."""
    read_manifest(name, models).check()


def labels(model_type: str) -> frozenset[Label]:
    """Return what a model scores: the older ones do not know sexual_explicit."""
    older = {Label.SEXUAL_EXPLICIT} if model_type.startswith("original") else set()
    return frozenset(OF_CLASSIFIERS) - older


def languages(model_type: str) -> frozenset[str]:
    """Return the languages that a model has learnt."""
    return RELEASES[model_type].languages


def load(model_type: str, options: ClassifierOptions) -> Classifier:
    """Load a model as it was published. Raises NotConfigured where something is missing."""
    runtime = import_module("classifiers.detoxify.exact")
    return with_second_view(runtime.load(RELEASES[model_type], options))


def load_int8(model_type: str, options: ClassifierOptions) -> Classifier:
    """Load a model in int8. Raises NotConfigured where something is missing."""
    runtime = import_module("classifiers.detoxify.int8")
    return with_second_view(runtime.load(RELEASES[model_type], options))


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
