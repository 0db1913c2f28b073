"""Training a head: on the oldest decisions, calibrated on newer ones, the newest kept aside."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from classifiers.head.fitting import Matrix, fit, log_loss, minimum, sigmoid
from classifiers.head.grams import Hashes, grams_of, known_grams, rows_of
from classifiers.head.weights import DIGITS, Head, dense
from moderation.model.errors import InvalidInput
from moderation.model.labels import OF_CLASSIFIERS, Label
from moderation.model.learning import Judged, Parts

PENALTIES = (0.3, 1.0, 3.0)
"""Of L2: the one under which the comments for calibrating surprise least."""

Floats = NDArray[np.float64]


def train(parts: Parts) -> bytes:
    """Return the weights of a head. The same comments in the same order give the same bytes.

    It never looks at the newest comments, on which it will be judged. Raises InvalidInput where
    they have no score in common.
    """
    labels = _common(parts)
    learnt, between = _Set(parts.learnt, labels), _Set(parts.between, labels)
    known = known_grams(learnt.grams)
    matrix, other = learnt.matrix(known), between.matrix(known)
    fitted = [fit(matrix, learnt.labels, penalty) for penalty in PENALTIES]
    surprises = [log_loss(other.times(one), between.labels) for one in fitted]
    best = fitted[int(np.argmin(surprises))]
    head = _head(best, labels, known)
    return _calibrated(head, between).to_bytes()


class _Set:
    """Comments as numbers."""

    def __init__(self, judged: Sequence[Judged], labels: Sequence[Label]) -> None:
        self.dense = np.array([dense(one.facts.scores, labels) for one in judged], np.float64)
        self.grams: list[Hashes] = [grams_of(one.text) for one in judged]
        self.labels = np.array([one.rejected for one in judged], np.float64)

    def matrix(self, known: Hashes) -> Matrix:
        return Matrix(self.dense, *rows_of(self.grams, known), len(known))


def _common(parts: Parts) -> tuple[Label, ...]:
    """Return the labels for which every comment that is learnt from has a score."""
    judged = (*parts.learnt, *parts.between)
    found = tuple(
        label
        for label in OF_CLASSIFIERS
        if all(isfinite(one.facts.scores.get(label, nan)) for one in judged)
    )
    if not found:
        raise InvalidInput("The comments have no score in common.")
    return found


def _head(weights: Floats, labels: tuple[Label, ...], known: Hashes) -> Head:
    at = 1 + len(labels)
    rounded = weights.round(DIGITS)
    # What weighs nothing is not kept.
    kept = rounded[at:] != 0.0
    return Head(
        labels,
        float(rounded[0]),
        rounded[1:at].astype(np.float32),
        known[kept],
        rounded[at:][kept].astype(np.float32),
    )


def _calibrated(head: Head, between: _Set) -> Head:
    """Stretch and shift it so that of the comments with a score of .7 seven in ten are rejected.

    Platt scaling (Platt 1999) with his targets, on comments that it has not learnt from.
    """
    logits = between.matrix(head.known).times(
        np.concatenate(([head.bias], head.of_labels, head.of_grams)).astype(np.float64)
    )
    labels = between.labels
    rejected, approved = labels.sum(), (1 - labels).sum()
    targets = np.where(labels == 1, (rejected + 1) / (rejected + 2), 1 / (approved + 2))

    def slope(at: Floats) -> tuple[float, Floats]:
        found = at[0] * logits + at[1]
        loss = (np.logaddexp(0.0, found) - targets * found).sum()
        errors = sigmoid(found) - targets
        return float(loss), np.array([(errors * logits).sum(), errors.sum()])

    stretch, shift = minimum(slope, np.array([1.0, 0.0])).round(DIGITS)
    return replace(head, stretch=float(stretch), shift=float(shift))


def score_all(weights: bytes, judged: Sequence[Judged]) -> list[float | None]:
    """Return what a head says of comments. Raises InvalidInput where these are no weights."""
    head = Head.from_bytes(weights)
    return [head.score(one.text, one.facts.scores) for one in judged]
