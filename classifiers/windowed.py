"""The classifier around any model that scores one window of tokens at a time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from classifiers.interface import nothing
from classifiers.scripts import Script, can_read
from classifiers.windows import Windows
from moderation.model.labels import Label, Scores

Run = Callable[[Sequence[int]], Sequence[float]]
"""Scores one window of token ids, one number per column."""


@dataclass(frozen=True, slots=True)
class WindowedClassifier:
    """Scores each window by itself and takes the highest score of each label.

    One window per tensor call: batch mates change the scores of int8 models, and padding to
    the longest costs more than batching gains. `columns` names what the model puts out;
    None is a column that is no label of ours.
    """

    version: str
    columns: Sequence[Label | None]
    windows: Windows
    run: Run
    scripts: frozenset[Script]
    languages: frozenset[str]

    @property
    def labels(self) -> frozenset[Label]:
        """The labels that every text gets a score for."""
        return frozenset(label for label in self.columns if label is not None)

    def can_read(self, text: str) -> bool:
        """Say whether the model has learnt the letters of this text."""
        return can_read(text, self.scripts)

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        """Score each text; see `Classifier.classify`."""
        return [self.score(self.windows.of(text), between) for text in texts]

    def score(self, windows: Iterable[Sequence[int]], between: Callable[[], None]) -> Scores:
        """Return the highest score of each label over the windows, of which there is one."""
        rows = []
        for window in windows:
            rows.append(self.run(window))
            between()
        return highest(self.columns, rows)


def highest(columns: Sequence[Label | None], rows: Iterable[Sequence[float]]) -> Scores:
    """Return the highest score of each label. Raises ArithmeticError for what is no score.

    A NaN lies over no threshold: passed on, it would approve a comment that nobody judged.
    """
    peaks: dict[Label, float] = {}
    for label, *scores in zip(columns, *rows, strict=True):
        if label is None:
            continue
        if not all(0.0 <= score <= 1.0 for score in scores):
            raise ArithmeticError(f"the model answered no score from 0 to 1 for {label}")
        peaks[label] = max(scores)
    return peaks
