"""Every classifier by its name, as the setting COPYDESK_CLASSIFIER says it. One line each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from classifiers import compact, detoxify
from classifiers.fetches import Fetch, Progress
from classifiers.interface import NO_OPTIONS, Classifier, ClassifierOptions
from classifiers.second_view import versioned, with_second_view
from classifiers.windowed import WindowedClassifier
from moderation.model.devices import Device
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label

SIX_LABELS = frozenset(Label) - {Label.SEXUAL_EXPLICIT}
"""Those of the Jigsaw sets that most classifiers have learnt from."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How to get a classifier, and what a batch of texts may cost.

    `version` reads no weights, and `check` raises NotConfigured with what is missing here, both
    without loading anything. A batch holds at most `batch_characters`, or one longer text
    alone; then its worst case stays below `time_limit` seconds, with a factor of two for a
    busy core. `languages` are those that the classifier has learnt; `fetch` is None where the
    weights ship inside.
    """

    load: Callable[[ClassifierOptions], Classifier]
    version: Callable[[ClassifierOptions], str]
    check: Callable[[ClassifierOptions], None]
    labels: frozenset[Label]
    languages: frozenset[str]
    time_limit: float
    batch_characters: int
    fetch: Fetch | None = None
    on_gpu: bool = False


def _load_twice(
    load: Callable[[ClassifierOptions], WindowedClassifier], options: ClassifierOptions
) -> Classifier:
    return with_second_view(load(options))


def _version_twice(version: Callable[[ClassifierOptions], str], options: ClassifierOptions) -> str:
    return versioned(version(options))


def _compact() -> Entry:
    # 20,000 characters that are a token each (Chinese) are 213 windows, 2.9 to 3.4 s; a second
    # view is at most 62 more.
    return Entry(
        load=partial(_load_twice, compact.load),
        version=partial(_version_twice, compact.version),
        check=compact.check,
        labels=SIX_LABELS,
        languages=compact.LANGUAGES,
        time_limit=6.0,
        batch_characters=20_000,
    )


def _detoxify(model_type: str) -> Entry:
    # The same text is 42 windows of 512 tokens, 1.1 to 1.3 s each on one thread, and a second
    # view 15 more: 63 to 75 s.
    return Entry(
        load=partial(_load_twice, partial(detoxify.load, model_type)),
        version=partial(_version_twice, partial(detoxify.version, f"detoxify:{model_type}")),
        check=partial(detoxify.check, f"detoxify:{model_type}"),
        labels=detoxify.labels(model_type),
        languages=detoxify.languages(model_type),
        time_limit=120.0,
        batch_characters=20_000,
        fetch=partial(detoxify.fetch, model_type),
        on_gpu=True,
    )


def _detoxify_int8(model_type: str) -> Entry:
    # The same windows take 0.43 s each: 18 to 25 s.
    return Entry(
        load=partial(_load_twice, partial(detoxify.load_int8, model_type)),
        version=partial(_version_twice, partial(detoxify.version, f"detoxify:{model_type}@int8")),
        check=partial(detoxify.check_int8, f"detoxify:{model_type}@int8"),
        labels=detoxify.labels(model_type),
        languages=detoxify.languages(model_type),
        time_limit=60.0,
        batch_characters=20_000,
        fetch=partial(detoxify.fetch_int8, model_type),
    )


ENTRIES: Mapping[str, Entry] = {
    "compact": _compact(),
    "detoxify:original": _detoxify("original"),
    "detoxify:original@int8": _detoxify_int8("original"),
    "detoxify:original-small": _detoxify("original-small"),
    "detoxify:original-small@int8": _detoxify_int8("original-small"),
    "detoxify:unbiased": _detoxify("unbiased"),
    "detoxify:unbiased@int8": _detoxify_int8("unbiased"),
    "detoxify:unbiased-small": _detoxify("unbiased-small"),
    "detoxify:unbiased-small@int8": _detoxify_int8("unbiased-small"),
    "detoxify:multilingual": _detoxify("multilingual"),
    "detoxify:multilingual@int8": _detoxify_int8("multilingual"),
}


def names() -> tuple[str, ...]:
    """Return the name of every classifier."""
    return tuple(ENTRIES)


def entry(name: str) -> Entry:
    """Return what is known of a classifier. Raises NotConfigured for an unknown name."""
    try:
        return ENTRIES[name]
    except KeyError:
        known = ", ".join(ENTRIES)
        raise NotConfigured(f"there is no classifier {name!r}; there are {known}") from None


def load(name: str, options: ClassifierOptions = NO_OPTIONS) -> Classifier:
    """Load a classifier with its weights, in the process that will use it.

    Raises NotConfigured where the name is unknown or something that it needs is missing.
    """
    found = entry(name)
    if options.device is Device.CUDA and not found.on_gpu:
        raise NotConfigured(
            f"{name} computes on the CPU alone, and COPYDESK_CLASSIFIER_DEVICE says cuda"
        )
    return found.load(options)


def fetch(name: str, models: Path, origin: str | None = None) -> Iterator[Progress]:
    """Get a classifier's model into the folder of models; there may be nothing to do.

    `origin` is a mirror instead of where it is published. Raises NotConfigured where the name is
    unknown or the model cannot be had.
    """
    fetching = entry(name).fetch
    return fetching(models, origin) if fetching else iter(())


def version(name: str, options: ClassifierOptions = NO_OPTIONS) -> str:
    """Return the version that this classifier has once loaded, without reading its weights."""
    return entry(name).version(options)
