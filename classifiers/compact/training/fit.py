"""Fitting: one seed's way through the data, from the start or from its last checkpoint."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from classifiers.compact.training.batches import Stream
from classifiers.compact.training.network import Network
from classifiers.compact.training.recipe import Recipe

CHECKPOINT_SECONDS = 300.0

SEEN_EVERY = 10
"""Steps between looks at the loss and additions to the average: on a GPU each look is a wait."""

AVERAGE_DECAY = 0.99
"""For each addition: the average is mostly of the last thousand steps."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is: batches done, how many there are, the loss of late, and who learns."""

    done: int
    total: int
    loss: float
    learner: str = ""


@dataclass(slots=True)
class _Run:
    """What a checkpoint holds."""

    network: Network
    optimizer: torch.optim.Optimizer
    average: dict[str, Tensor]
    total: int
    recipe: Recipe
    done: int = 0
    loss: float = 0.7
    saved: float = field(default_factory=time.monotonic)

    def step(self, ids: Tensor, mask: Tensor, labels: Tensor) -> None:
        """Learn from one batch."""
        share = _share(min(1.0, self.done / self.total), self.recipe.warm_up)
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * share
        with torch.autocast(ids.device.type, torch.bfloat16):
            logits = self.network(ids, mask)
        loss = masked_loss(logits.float(), labels)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        if self.done % SEEN_EVERY == 0:
            self._look(loss)
        self.done += 1

    @torch.no_grad()
    def _look(self, loss: Tensor) -> None:
        self.loss += 0.2 * (loss.item() - self.loss)
        # Early weights are soon forgotten.
        seen = self.done // SEEN_EVERY
        decay = min(AVERAGE_DECAY, (1 + seen) / (10 + seen))
        for name, value in self.network.state_dict().items():
            if value.dtype.is_floating_point:
                self.average[name].lerp_(value, 1 - decay)

    def save(self, path: Path) -> None:
        """Write a checkpoint, whole or not at all."""
        part = path.with_suffix(".part")
        state = {
            "network": self.network.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "done": self.done,
            "loss": self.loss,
        }
        torch.save(state, part)
        part.replace(path)
        self.saved = time.monotonic()

    def load(self, path: Path) -> None:
        """Take up what a checkpoint holds."""
        device = self.network.device
        state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.done, self.loss = state["done"], state["loss"]


def fit(network: Network, stream: Stream, recipe: Recipe, checkpoint: Path) -> Iterator[Step]:
    """Fit a network and leave it with its averaged weights; yields after each batch.

    The checkpoint is written every five minutes and at the end; a run that has one goes on from it.
    """
    run = _Run(
        network,
        _optimizer(network, recipe),
        {name: value.clone() for name, value in network.state_dict().items()},
        total=stream.count(recipe.epochs),
        recipe=recipe,
    )
    if checkpoint.exists():
        run.load(checkpoint)
    network.train()
    for batch in stream.batches(recipe.epochs, run.done):
        run.step(*batch.on(network.device))
        if time.monotonic() - run.saved > CHECKPOINT_SECONDS:
            run.save(checkpoint)
        yield Step(run.done, run.total, run.loss)
    run.save(checkpoint)
    network.load_state_dict(run.average)
    network.eval()


def masked_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean loss over the labels that are known."""
    known = labels >= 0
    losses = binary_cross_entropy_with_logits(logits, labels.clamp_min(0), reduction="none")
    return (losses * known).sum() / known.sum().clamp_min(1)


def _optimizer(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    """Return AdamW; the outputs, which begin at nothing, learn faster."""
    encoder = {"params": list(network.encoder.parameters()), "peak": recipe.rate}
    outputs = {"params": list(network.outputs.parameters()), "peak": recipe.outputs_rate}
    return torch.optim.AdamW([encoder, outputs], weight_decay=recipe.decay, fused=True)


def _share(progress: float, warm_up: float) -> float:
    """Return the share of the peak rate: up in a line, down in a half cosine."""
    if progress < warm_up:
        return progress / warm_up
    return 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up)))
