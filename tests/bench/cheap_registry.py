"""In the process that imports this, and only there, the compact classifier costs nothing.

What is left to measure is the queue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from classifiers import registry
from classifiers.entry import Entry
from classifiers.interface import Classifier, nothing
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.labels import OF_CLASSIFIERS, Label, Scores

_LABELS = frozenset(OF_CLASSIFIERS) - {Label.SEXUAL_EXPLICIT}
_CIVIL = dict.fromkeys(_LABELS, 0.05)
_HOSTILE = _CIVIL | {Label.TOXICITY: 0.95, Label.INSULT: 0.9}


@dataclass(frozen=True, slots=True)
class Cheap:
    """Answers constant scores; about one comment in ten is for a person to judge."""

    version: str
    labels: frozenset[Label] = _LABELS
    languages: frozenset[str] = frozenset({"en"})

    def can_read(self, _text: str) -> bool:
        return True

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        between()
        return [_CIVIL if len(text) % 10 else _HOSTILE for text in texts]


_shipped = registry.entry("compact")


def _load() -> Classifier:
    # Under the shipped classifier's name: the site's policy is bound to that.
    return Cheap(_shipped.version())


def entry(_options: ClassifierOptions) -> Entry:
    return replace(_shipped, load=_load)


registry.ENTRIES = {**registry.ENTRIES, "compact": entry}
