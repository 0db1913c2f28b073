"""Predictions of a network as it is in training, over all windows of each text, as in use."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

import torch
from torch import Tensor
from torch.utils.data import Dataset

from classifiers.compact.training.batches import Batch, in_order, padded
from classifiers.compact.training.examples import COLUMNS
from classifiers.compact.training.network import Network
from classifiers.windows import Windows

TOKENS = 32_768
"""In a batch, padding counted."""

TEXTS = 2_048
"""In a chunk, whose windows are sorted by length."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Windows of about one length, and the numbers of the texts that they are of."""

    batch: Batch
    owners: list[int]


class _Parts(Dataset[list[_Part]]):
    def __init__(self, texts: Sequence[str], windows: Windows) -> None:
        self._texts, self._windows = texts, windows

    def __len__(self) -> int:
        return math.ceil(len(self._texts) / TEXTS)

    def __getitem__(self, number: int) -> list[_Part]:
        first = number * TEXTS
        rows = [
            (window, owner)
            for owner, text in enumerate(self._texts[first : first + TEXTS], first)
            for window in self._windows.of(text)
        ]
        rows.sort(key=lambda row: len(row[0]))
        sizes = groupby(enumerate(rows), key=lambda row: row[0] * len(row[1][0]) // TOKENS)
        parts = ([row for _, row in part] for _, part in sizes)
        return [_Part(padded([row[0] for row in part]), [row[1] for row in part]) for part in parts]


@torch.no_grad()
def logits(network: Network, texts: Sequence[str], windows: Windows) -> Tensor:
    """Return texts x labels: the highest logit of a text's windows."""
    network.eval()
    device = network.device
    highest = torch.full((len(texts), len(COLUMNS)), -torch.inf, device=device)
    parts = _Parts(texts, windows)
    items: Iterator[list[_Part]] = in_order(parts, len(parts))
    for part in chain.from_iterable(items):
        ids, mask, _ = part.batch.on(device)
        with torch.autocast(device.type, torch.bfloat16):
            found = network(ids, mask)
        rows = torch.tensor(part.owners, device=device).unsqueeze(1).expand_as(found)
        highest.scatter_reduce_(0, rows, found.float(), "amax")
    return highest.cpu()
