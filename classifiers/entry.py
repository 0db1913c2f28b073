"""What the registry knows of a classifier before it is loaded."""

from collections.abc import Callable
from dataclasses import dataclass

from classifiers.fetches import Fetch
from classifiers.interface import Classifier
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.labels import Label


@dataclass(frozen=True, slots=True)
class Entry:
    """How to get a classifier, and what a batch of texts may cost.

    `version`, `labels` and `languages` are those that it has once loaded; they and `check` read no
    weights, and raise NotConfigured with what is missing here. All but `check` raise
    ClassifierUnavailable where they ask something that is away. A batch holds at most
    `batch_characters`, or one longer text alone; then its worst case stays below `time_limit`
    seconds, with a factor of two for a busy core. `fetch` is None where nothing has to be fetched.
    """

    load: Callable[[], Classifier]
    version: Callable[[], str]
    check: Callable[[], None]
    labels: Callable[[], frozenset[Label]]
    languages: Callable[[], frozenset[str]]
    time_limit: float
    batch_characters: int = 20_000
    fetch: Fetch | None = None
    on_gpu: bool = False


MakeEntry = Callable[[ClassifierOptions], Entry]
"""What a classifier's file gives to the registry."""
