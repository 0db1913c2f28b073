"""Every classifier by its name, as the setting COPYDESK_CLASSIFIER says it. One line each."""

from collections.abc import Iterator, Mapping
from functools import partial

from classifiers import compact, detoxify, ensemble, remote
from classifiers.entry import Entry, MakeEntry
from classifiers.fetches import Progress
from classifiers.interface import Classifier
from moderation.model.classifier_options import NO_OPTIONS, ClassifierOptions
from moderation.model.devices import Device
from moderation.model.errors import NotConfigured


def _ensemble(options: ClassifierOptions) -> Entry:
    return ensemble.entry({name: entry(name, options) for name in ensemble.member_names(options)})


ENTRIES: Mapping[str, MakeEntry] = {
    "compact": compact.entry,
    "detoxify:original": partial(detoxify.exact_entry, "original"),
    "detoxify:original@int8": partial(detoxify.int8_entry, "original"),
    "detoxify:original-small": partial(detoxify.exact_entry, "original-small"),
    "detoxify:original-small@int8": partial(detoxify.int8_entry, "original-small"),
    "detoxify:unbiased": partial(detoxify.exact_entry, "unbiased"),
    "detoxify:unbiased@int8": partial(detoxify.int8_entry, "unbiased"),
    "detoxify:unbiased-small": partial(detoxify.exact_entry, "unbiased-small"),
    "detoxify:unbiased-small@int8": partial(detoxify.int8_entry, "unbiased-small"),
    "detoxify:multilingual": partial(detoxify.exact_entry, "multilingual"),
    "detoxify:multilingual@int8": partial(detoxify.int8_entry, "multilingual"),
    "ensemble": _ensemble,
    "remote": remote.entry,
}


def names() -> tuple[str, ...]:
    """Return the name of every classifier."""
    return tuple(ENTRIES)


def entry(name: str, options: ClassifierOptions = NO_OPTIONS) -> Entry:
    """Return what is known of a classifier.

    Raises NotConfigured for an unknown name, and for an ensemble whose members make none.
    """
    try:
        make = ENTRIES[name]
    except KeyError:
        known = ", ".join(ENTRIES)
        raise NotConfigured(f"there is no classifier {name!r}; there are {known}") from None
    return make(options)


def load(name: str, options: ClassifierOptions = NO_OPTIONS) -> Classifier:
    """Load a classifier with its weights, in the process that will use it.

    Raises NotConfigured where the name is unknown or something that it needs is missing.
    """
    found = entry(name, options)
    if options.device is Device.CUDA and not found.on_gpu:
        raise NotConfigured(
            f"{name} computes on the CPU alone, and COPYDESK_CLASSIFIER_DEVICE says cuda"
        )
    return found.load()


def fetch(
    name: str, options: ClassifierOptions = NO_OPTIONS, origin: str | None = None
) -> Iterator[Progress]:
    """Get a classifier's model into the folder of models; there may be nothing to do.

    `origin` is a mirror instead of where it is published. Raises NotConfigured where the name is
    unknown or the model cannot be had.
    """
    fetching = entry(name, options).fetch
    return fetching(options.models, origin) if fetching else iter(())


def version(name: str, options: ClassifierOptions = NO_OPTIONS) -> str:
    """Return the version that this classifier has once loaded, without reading its weights."""
    return entry(name, options).version()
