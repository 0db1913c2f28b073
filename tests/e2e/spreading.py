"""A classifier that throws a die with each text, and always the same for the same text.

Nine of ten comments score low and the rest anywhere. It costs nothing, so that real workers score
tens of thousands of comments in seconds.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from classifiers.interface import nothing
from moderation.model.labels import Label, Scores

LABELS = frozenset(Label) - {Label.SEXUAL_EXPLICIT}
STEPS = 100_000


def insult(text: str) -> float:
    """Return the score of a text: of a thousand texts 900 lie below .2, the rest spreads to 1."""
    place = zlib.crc32(text.encode()) % STEPS / STEPS
    return place * 0.2 / 0.9 if place < 0.9 else 0.2 + (place - 0.9) * 8


@dataclass(frozen=True, slots=True)
class Spreading:
    """Scores insults by the text's checksum, and everything else low."""

    version: str
    labels: frozenset[Label] = LABELS
    languages: frozenset[str] = frozenset({"en"})

    def can_read(self, _text: str) -> bool:
        return True

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        between()
        return [dict.fromkeys(LABELS, 0.01) | {Label.INSULT: insult(text)} for text in texts]
