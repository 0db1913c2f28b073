"""Weights of a head: a score for one comment, and the bytes that they are kept as."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, log

import numpy as np
from numpy.typing import NDArray

from classifiers.head.grams import MOST_GRAMS, Hashes, grams_of, places_of, weight_of_each
from moderation.model.errors import InvalidInput
from moderation.model.labels import OF_CLASSIFIERS, Label, Scores

MAGIC = "copydesk-head-1"
"""Bytes of another kind are refused."""

DIGITS = 4
"""Of a weight: further ones change no score that anybody would see."""

MOST_BYTES = 2 * (MOST_GRAMS * 8 + 4_096)
"""Unpacked. What is larger was not written by us."""

SCALE = 4.0
"""Logits of scores are divided by it, so that they weigh about as much as words."""

_SURE = 1e-4
"""Scores nearer to 0 or 1 cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Head:
    """A site's head: a bias, a weight for each label of the classifier, and for each known gram.

    `stretch` and `shift` calibrate: they make of what is added up how likely moderators reject.
    """

    labels: tuple[Label, ...]
    bias: float
    of_labels: NDArray[np.float32]
    known: Hashes
    of_grams: NDArray[np.float32]
    stretch: float = 1.0
    shift: float = 0.0

    def score(self, text: str, scores: Scores) -> float | None:
        """Return how likely moderators reject it; None where a score is missing."""
        found = dense(scores, self.labels)
        if found is None:
            return None
        grams = grams_of(text)
        words = self.of_grams[places_of(grams, self.known)].sum(dtype=np.float64)
        logit = self.bias + float(words) * weight_of_each(grams)
        logit += sum(one * float(w) for one, w in zip(found, self.of_labels, strict=True))
        logit = self.stretch * logit + self.shift
        return 1.0 / (1.0 + exp(-logit)) if logit > 0 else 1.0 - 1.0 / (1.0 + exp(logit))

    def to_bytes(self) -> bytes:
        """Return it as numbers, packed; the same weights give the same bytes."""
        about = {
            "kind": MAGIC,
            "labels": [label.value for label in self.labels],
            "grams": len(self.known),
            "numbers": [self.bias, self.stretch, self.shift],
        }
        parts = (
            json.dumps(about, separators=(",", ":")).encode() + b"\n",
            self.of_labels.astype("<f4").tobytes(),
            self.known.astype("<u4").tobytes(),
            self.of_grams.astype("<f4").tobytes(),
        )
        return zlib.compress(b"".join(parts), 9)

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Head":
        """Read what `to_bytes` wrote. Raises InvalidInput for anything else."""
        try:
            return cls._read(_unpacked(packed))
        except (ValueError, KeyError, TypeError, zlib.error) as error:
            raise InvalidInput("These are no weights of a head.") from error

    @classmethod
    def _read(cls, plain: bytes) -> "Head":
        line, _, rest = plain.partition(b"\n")
        about = json.loads(line)
        labels, grams = tuple(map(Label, about["labels"])), int(about["grams"])
        bias, stretch, shift = (float(one) for one in about["numbers"])
        at, end = 4 * len(labels), 4 * len(labels) + 4 * grams
        is_ours = about["kind"] == MAGIC and set(labels) <= set(OF_CLASSIFIERS)
        if not is_ours or not 0 <= grams <= MOST_GRAMS or len(rest) != end + 4 * grams:
            raise ValueError("not as it should be")
        found = cls(
            labels,
            bias,
            np.frombuffer(rest[:at], "<f4"),
            np.frombuffer(rest[at:end], "<u4"),
            np.frombuffer(rest[end:], "<f4"),
            stretch,
            shift,
        )
        numbers = np.concatenate((found.of_labels, found.of_grams, [bias, stretch, shift]))
        if not np.isfinite(numbers).all():
            raise ValueError("no numbers")
        return found


def dense(scores: Scores, labels: Sequence[Label]) -> list[float] | None:
    """Return the logits of these labels' scores, scaled; None where one is missing."""
    found = [scores.get(label) for label in labels]
    given = [one for one in found if one is not None and isfinite(one)]
    if len(given) < len(found):
        return None
    within = [min(max(one, _SURE), 1.0 - _SURE) for one in given]
    return [log(one / (1.0 - one)) / SCALE for one in within]


def _unpacked(packed: bytes) -> bytes:
    opened = zlib.decompressobj()
    plain = opened.decompress(packed, MOST_BYTES)
    if opened.unconsumed_tail or not opened.eof:
        raise ValueError("too large, or cut off")
    return plain
