"""The comments that a label's scores are most wrong about, for who may read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.evaluation.evaluating import Sample
from classifiers.evaluation.metrics import Bools, Floats
from moderation.model.labels import Label

MOST = 10


@dataclass(frozen=True, slots=True)
class Example:
    """One comment, by its place in the sample, and its score."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Examples:
    """Negatives with the highest scores, and positives with the lowest."""

    negatives: Sequence[Example]
    positives: Sequence[Example]


def worst_examples(label: Label, sample: Sample, text_at: Callable[[int], str]) -> Examples:
    """Return the comments furthest on the wrong side, the worst first."""
    scores, truth = sample.scores[label], sample.truth[label]
    return Examples(
        negatives=_first(-scores, truth == 0, sample.scores[label], text_at),
        positives=_first(scores, truth == 1, sample.scores[label], text_at),
    )


def _first(
    order: Floats, inside: Bools, scores: Floats, text_at: Callable[[int], str]
) -> list[Example]:
    places = np.flatnonzero(inside)
    worst = places[np.argsort(order[places], kind="stable")][:MOST]
    return [Example(text_at(int(at)), float(scores[at])) for at in worst]
