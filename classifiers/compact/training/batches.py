"""Batches: comments of about one length together, so that padding costs little."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from classifiers.compact.training.disguises import disguised
from classifiers.compact.training.examples import COLUMNS, Example

COMMENTS = 64
"""In a batch."""

POOL = 50
"""So many batches are cut from one sorted pool: the order stays random at large."""

UNLABELLED = -1.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors: ids and mask, comments x tokens; labels, comments x labels, -1 where unknown."""

    input_ids: Tensor
    attention_mask: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> "Batch":
        """Return the batch on the device that the network is on."""
        return Batch(
            *(each.to(device) for each in (self.input_ids, self.attention_mask, self.labels))
        )


@dataclass(frozen=True, slots=True)
class Cutter:
    """Turns examples into batches; `disguise` is the share of comments that are disguised."""

    tokenizer: Tokenizer
    window: int
    disguise: float = 0.0

    def batches(self, examples: Sequence[Example], source: random.Random) -> Iterator[Batch]:
        """Go through the examples once, in an order and disguises of the source's choice."""
        order = list(_repeated(examples, source))
        source.shuffle(order)
        size = COMMENTS * POOL
        for start in range(0, len(order), size):
            yield from self._pool(order[start : start + size], source)

    def _pool(self, examples: Sequence[Example], source: random.Random) -> Iterator[Batch]:
        encoded = [(self._encode(example.text, source), example) for example in examples]
        encoded.sort(key=lambda pair: len(pair[0]))
        cut = [encoded[start : start + COMMENTS] for start in range(0, len(encoded), COMMENTS)]
        source.shuffle(cut)
        for rows in cut:
            yield _batch(rows)

    def _encode(self, text: str, source: random.Random) -> list[int]:
        if source.random() < self.disguise:
            text = disguised(text, source)
        ids = self.tokenizer.encode(text).ids
        if len(ids) <= self.window:
            return ids
        # A window from anywhere, as at inference; the label is the whole comment's.
        room = self.window - 2
        start = source.randrange(1, len(ids) - room)
        return [ids[0], *ids[start : start + room], ids[-1]]


def _repeated(examples: Sequence[Example], source: random.Random) -> Iterator[Example]:
    for example in examples:
        times = int(example.repeats) + (source.random() < example.repeats % 1)
        yield from [example] * times


def _batch(rows: Sequence[tuple[list[int], Example]]) -> Batch:
    longest = max(len(ids) for ids, _ in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, (tokens, _) in enumerate(rows):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    labels = [[example.labels.get(label, UNLABELLED) for label in COLUMNS] for _, example in rows]
    return Batch(ids, mask, torch.tensor(labels))
