"""A classifier that counts words: each multiplies the odds of some labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from classifiers.interface import nothing
from moderation.model.labels import Label, Scores
from tests.factories import CIVIL, CLASSIFIER

FACTORS: Mapping[str, Mapping[Label, float]] = {
    "idiot": {Label.TOXICITY: 100.0},
    "kill": {Label.TOXICITY: 4.0, Label.THREAT: 50.0},
}
MOST = 50
"""Of one word: more would be no number any more."""


@dataclass
class Counting:
    """Keeps what it was asked; `come` is called before each text, and may raise."""

    version: str = CLASSIFIER
    labels: frozenset[Label] = frozenset(CIVIL)
    languages: frozenset[str] = frozenset({"en"})
    asked: list[str] = field(default_factory=list)
    come: Callable[[str], None] = lambda _: None

    def can_read(self, text: str) -> bool:
        return "?" not in text

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        return [self._scores(text, between) for text in texts]

    def _scores(self, text: str, between: Callable[[], None]) -> Scores:
        self.asked.append(text)
        self.come(text)
        between()
        return {label: self._score(text.lower(), label) for label in self.labels}

    def _score(self, text: str, label: Label) -> float:
        odds = 0.1
        for word, factors in FACTORS.items():
            odds *= factors.get(label, 1.0) ** min(text.count(word), MOST)
        return odds / (1 + odds)
