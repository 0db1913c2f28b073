"""Calibration: scores that mean what they say, set on comments that the network has not learnt.

Platt scaling (Platt 1999): each label's logit is stretched and moved, which is folded into the last
layer. Order, and so every AUC, stays what it was.
"""

import random
from collections.abc import Sequence

import torch
from torch import Tensor

from classifiers.compact.training.batches import Cutter
from classifiers.compact.training.examples import COLUMNS, Example
from classifiers.compact.training.fit import masked_loss
from classifiers.compact.training.network import Network

FEWEST = 20
"""A label with fewer positives among the comments kept aside stays as it is."""


@torch.no_grad()
def answers(network: Network, examples: Sequence[Example], cutter: Cutter) -> tuple[Tensor, Tensor]:
    """Return the logits of examples and their labels, comments x labels, -1 where unknown."""
    network.eval()
    logits, labels = [], []
    for batch in cutter.batches(examples, random.Random(0)):  # noqa: S311 - nothing secret
        there = batch.to(network.device)
        logits.append(network(there.input_ids, there.attention_mask).float().cpu())
        labels.append(batch.labels)
    return torch.cat(logits), torch.cat(labels)


def calibrate(network: Network, examples: Sequence[Example], cutter: Cutter) -> None:
    """Set the last layer so that scores are shares of comments."""
    logits, labels = answers(network, examples, cutter)
    scale, shift = _fitted(logits, labels)
    with torch.no_grad():
        outputs = network.outputs
        outputs.weight.mul_(scale.unsqueeze(1).to(network.device))
        outputs.bias.mul_(scale.to(network.device)).add_(shift.to(network.device))


def expected_calibration_error(scores: Tensor, labels: Tensor, bins: int = 15) -> float:
    """Return the mean distance of score and share over bins of scores, weighted by their size.

    Scores and labels (0, 1) of one label (Guo et al. 2017, "On Calibration of Modern Neural
    Networks").
    """
    at = (scores * bins).long().clamp_max(bins - 1)
    error = 0.0
    for number in range(bins):
        inside = at == number
        if inside.any():
            gap = scores[inside].mean() - labels[inside].mean()
            error += float(gap.abs()) * float(inside.float().mean())
    return error


def _fitted(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    usable = torch.tensor([int((labels[:, n] == 1).sum()) >= FEWEST for n in range(len(COLUMNS))])
    labels = torch.where(usable, labels, -torch.ones_like(labels))
    scale = torch.ones(len(COLUMNS), requires_grad=True)
    shift = torch.zeros(len(COLUMNS), requires_grad=True)
    optimizer = torch.optim.LBFGS([scale, shift], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimizer.zero_grad()
        found = masked_loss(logits * scale + shift, labels)
        found.backward()
        return float(found.detach())

    optimizer.step(loss)
    return scale.detach(), shift.detach()
