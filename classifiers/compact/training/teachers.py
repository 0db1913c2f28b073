"""Soft labels: what networks say of comments that they have not learnt from.

A label that one person gave is wrong now and then, and most sets give one of six. So what a network
of other comments says is mixed into the labels that are there and stands in for those that are not
(Hinton et al. 2015, "Distilling the knowledge in a neural network"; each part of the comments is
judged by the network that did not see it, as in cross-fitting).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from torch import Tensor

from classifiers.compact.training.examples import COLUMNS, Example, part_of
from moderation.model.labels import Label


def divided(
    examples: Sequence[Example], part: int, parts: int
) -> tuple[list[Example], list[Example]]:
    """Return the examples of a part, and all others, which its teacher learns from."""
    mine: list[Example] = []
    others: list[Example] = []
    for example in examples:
        (mine if part_of(example.text, parts) == part else others).append(example)
    return mine, others


def softened(examples: Sequence[Example], scores: Tensor, heeded: float) -> list[Example]:
    """Mix scores, examples x labels from 0 to 1, into labels; those that are certain stay."""
    return [
        _softened(example, dict(zip(COLUMNS, said, strict=True)), heeded)
        for example, said in zip(examples, scores.tolist(), strict=True)
    ]


def _softened(example: Example, said: Mapping[Label, float], heeded: float) -> Example:
    labels = dict(said)
    for label, given in example.labels.items():
        labels[label] = given if example.certain else given + heeded * (said[label] - given)
    return replace(example, labels=labels)
