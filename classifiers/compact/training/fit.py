"""Fitting: one seed's way through the data, from the start or from its last checkpoint."""

import hashlib
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from classifiers.compact.training.batches import COMMENTS, Batch, Cutter
from classifiers.compact.training.examples import Example
from classifiers.compact.training.network import Average, Network

CHECKPOINT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run's weights depend on beside the data."""

    seed: int = 1
    epochs: int = 2
    window: int = 96
    rate: float = 1e-4
    outputs_rate: float = 1e-3
    warm_up: float = 0.06
    decay: float = 0.01
    disguise: float = 0.15

    def name(self) -> str:
        """Return a name for what is kept of a run: another recipe, another name."""
        said = json.dumps(asdict(self), sort_keys=True).encode()
        return f"seed{self.seed}-{hashlib.sha256(said).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is: batches done, about how many there are, and the loss of late."""

    done: int
    total: int
    loss: float


@dataclass(slots=True)
class _Run:
    """What a checkpoint holds."""

    network: Network
    average: Average
    optimizer: torch.optim.Optimizer
    total: int
    recipe: Recipe
    done: int = 0
    loss: float = 0.7
    saved: float = field(default_factory=time.monotonic)

    def step(self, batch: Batch) -> None:
        """Learn from one batch."""
        batch = batch.to(self.network.device)
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * _share(
                min(1.0, self.done / self.total), self.recipe.warm_up
            )
        with torch.autocast(batch.input_ids.device.type, torch.bfloat16):
            logits = self.network(batch.input_ids, batch.attention_mask)
        loss = masked_loss(logits.float(), batch.labels)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.average.add(self.network, self.done)
        self.done += 1
        self.loss += 0.02 * (loss.item() - self.loss)

    def save(self, path: Path) -> None:
        """Write a checkpoint, whole or not at all."""
        part = path.with_suffix(".part")
        state = {
            "network": self.network.state_dict(),
            "average": self.average.weights,
            "optimizer": self.optimizer.state_dict(),
            "done": self.done,
            "loss": self.loss,
        }
        torch.save(state, part)
        part.replace(path)
        self.saved = time.monotonic()

    def load(self, path: Path) -> None:
        """Take up what a checkpoint holds."""
        state: dict[str, Any] = torch.load(
            path, map_location=self.network.device, weights_only=True
        )
        self.network.load_state_dict(state["network"])
        self.average.weights = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.done, self.loss = state["done"], state["loss"]


def fit(
    network: Network, examples: Sequence[Example], cutter: Cutter, recipe: Recipe, place: Path
) -> Iterator[Step]:
    """Fit a network and leave it with its averaged weights; yields after each batch.

    A checkpoint is kept in `place` every five minutes; a run of the same recipe goes on from it.
    """
    batches = sum(example.repeats for example in examples) / COMMENTS
    run = _Run(
        network,
        Average(network),
        _optimizer(network, recipe),
        total=round(recipe.epochs * batches),
        recipe=recipe,
    )
    checkpoint = place / f"{recipe.name()}.checkpoint"
    if checkpoint.exists():
        run.load(checkpoint)
    network.train()
    for batch in islice(_stream(examples, cutter, recipe), run.done, None):
        run.step(batch)
        if time.monotonic() - run.saved > CHECKPOINT_SECONDS:
            run.save(checkpoint)
        yield Step(run.done, run.total, run.loss)
    run.save(checkpoint)
    network.load_state_dict(run.average.weights)
    network.eval()


def _stream(examples: Sequence[Example], cutter: Cutter, recipe: Recipe) -> Iterator[Batch]:
    """Yield every batch of a run, the same ones each time."""
    for epoch in range(recipe.epochs):
        yield from cutter.batches(examples, random.Random(f"{recipe.seed} {epoch}"))  # noqa: S311


def _optimizer(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    """Return AdamW; the outputs, which begin at nothing, learn faster."""
    encoder = {"params": list(network.encoder.parameters()), "peak": recipe.rate}
    outputs = {"params": list(network.outputs.parameters()), "peak": recipe.outputs_rate}
    return torch.optim.AdamW([encoder, outputs], weight_decay=recipe.decay)


def masked_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean loss over the labels that are known."""
    known = labels >= 0
    losses = binary_cross_entropy_with_logits(logits, labels.clamp_min(0), reduction="none")
    return (losses * known).sum() / known.sum().clamp_min(1)


def _share(progress: float, warm_up: float) -> float:
    """Return the share of the peak rate: up in a line, down in a half cosine."""
    if progress < warm_up:
        return progress / warm_up
    return 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up)))
