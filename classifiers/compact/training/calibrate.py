"""Calibration: scores that mean what they say, set on comments that the network has not learnt.

Platt scaling (Platt 1999): each label's logit is stretched and moved, which is folded into the last
layer. Order, and so every AUC, stays what it was.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from classifiers.compact.training.batches import UNLABELLED
from classifiers.compact.training.examples import COLUMNS, Example
from classifiers.compact.training.fit import masked_loss
from classifiers.compact.training.network import Network
from classifiers.compact.training.predict import logits
from classifiers.windows import Windows

FEWEST = 20
"""A label with fewer positives among the comments kept aside stays as it is."""


def labels_of(examples: Sequence[Example]) -> Tensor:
    """Return the labels of examples, comments x labels, -1 where unknown."""
    return torch.tensor(
        [[example.labels.get(label, UNLABELLED) for label in COLUMNS] for example in examples]
    )


def calibrate(network: Network, examples: Sequence[Example], windows: Windows) -> None:
    """Set the last layer so that scores are shares of comments."""
    found = logits(network, [example.text for example in examples], windows)
    scale, shift = _fitted(found, labels_of(examples))
    with torch.no_grad():
        outputs = network.outputs
        outputs.weight.mul_(scale.unsqueeze(1).to(network.device))
        outputs.bias.mul_(scale.to(network.device)).add_(shift.to(network.device))


def _fitted(answers: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    usable = torch.tensor([int((labels[:, n] == 1).sum()) >= FEWEST for n in range(len(COLUMNS))])
    labels = torch.where(usable, labels, -torch.ones_like(labels))
    scale = torch.ones(len(COLUMNS), requires_grad=True)
    shift = torch.zeros(len(COLUMNS), requires_grad=True)
    optimizer = torch.optim.LBFGS([scale, shift], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimizer.zero_grad()
        found = masked_loss(answers * scale + shift, labels)
        found.backward()
        return float(found.detach())

    optimizer.step(loss)
    return scale.detach(), shift.detach()
