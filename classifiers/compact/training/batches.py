"""Batches: comments of about one length together, so that padding costs little."""

import math
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from classifiers.compact.training.disguises import disguised
from classifiers.compact.training.examples import COLUMNS, Example
from classifiers.windows import Windows

POOL = 50
"""So many batches are cut from one sorted pool: the order stays random at large."""

UNLABELLED = -1.0

Window = Sequence[int]
"""Token ids."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrays: ids and mask, windows x tokens; labels, windows x labels, -1 where unknown."""

    ids: np.ndarray
    mask: np.ndarray
    labels: np.ndarray

    def on(self, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
        """Return ids, mask and labels as tensors on the device that the network is on."""
        ids, mask, labels = map(torch.from_numpy, (self.ids, self.mask, self.labels))
        return ids.to(device), mask.to(device), labels.to(device)


@dataclass(frozen=True, slots=True)
class Cutter:
    """Turns examples into batches; `disguise` is the share of comments that are disguised."""

    windows: Windows
    disguise: float = 0.0
    size: int = 64

    def pool(self, examples: Sequence[Example], source: random.Random) -> list[Batch]:
        """Cut a pool of examples: of each a window from anywhere, as the label is the whole's."""
        rows = [(self._window(example.text, source), example) for example in examples]
        rows.sort(key=lambda row: len(row[0]))
        cut = [rows[start : start + self.size] for start in range(0, len(rows), self.size)]
        source.shuffle(cut)
        return [
            padded([window for window, _ in part], [example for _, example in part]) for part in cut
        ]

    def _window(self, text: str, source: random.Random) -> Window:
        if source.random() < self.disguise:
            text = disguised(text, source)
        return source.choice(self.windows.of(text))


def padded(windows: Sequence[Window], examples: Sequence[Example] = ()) -> Batch:
    """Put windows, and the labels of their examples, into arrays."""
    longest = max(map(len, windows))
    ids = np.zeros((len(windows), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, window in enumerate(windows):
        ids[row, : len(window)] = window
        mask[row, : len(window)] = 1
    labels = [[example.labels.get(label, UNLABELLED) for label in COLUMNS] for example in examples]
    return Batch(ids, mask, np.array(labels, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Stream:
    """Batches without end of sight: the same ones for a seed, however often it is stopped."""

    examples: Sequence[Example]
    cutter: Cutter
    seed: str

    def batches(self, epochs: int, done: int = 0) -> Iterator[Batch]:
        """Yield the batches of so many epochs, all but the first `done`."""
        for epoch in range(epochs):
            pools = _Pools(self, epoch)
            first, done_of_it = divmod(done, POOL)
            items: Iterator[list[Batch]] = in_order(pools, len(pools), first)
            for pool in items:
                yield from islice(pool, done_of_it, None)
                done_of_it = 0
            done = max(0, done - pools.batches)

    def count(self, epochs: int) -> int:
        """Return how many batches that many epochs are."""
        return sum(_Pools(self, epoch).batches for epoch in range(epochs))


class _Pools(Dataset[list[Batch]]):
    """The pools of an epoch; each is cut when it is asked for."""

    def __init__(self, stream: Stream, epoch: int) -> None:
        self._cutter, self._seed = stream.cutter, f"{stream.seed} {epoch}"
        source = random.Random(self._seed)  # noqa: S311 - nothing secret
        self._order = [
            example
            for example in stream.examples
            for _ in range(int(example.repeats) + (source.random() < example.repeats % 1))
        ]
        source.shuffle(self._order)
        self.batches = math.ceil(len(self._order) / stream.cutter.size)

    def __len__(self) -> int:
        return math.ceil(self.batches / POOL)

    def __getitem__(self, number: int) -> list[Batch]:
        size = self._cutter.size * POOL
        source = random.Random(f"{self._seed} {number}")  # noqa: S311 - nothing secret
        return self._cutter.pool(self._order[number * size : (number + 1) * size], source)


def in_order(dataset: Dataset[Item], count: int, first: int = 0) -> Iterator[Item]:
    """Yield a dataset's items; beside a GPU, other processes prepare them ahead."""
    workers = min(8, os.cpu_count() or 1) if torch.cuda.is_available() else 0
    rest = range(first, count)
    yield from DataLoader(
        dataset, batch_size=None, sampler=rest, num_workers=workers, collate_fn=_as_it_is
    )


def _as_it_is(item: Item) -> Item:
    return item
