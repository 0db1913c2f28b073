"""What every classifier is, and what an operator may tell one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from moderation.model.devices import Device
from moderation.model.labels import Label, Scores


def nothing() -> None:
    """Do nothing between tensor calls."""


class Classifier(Protocol):
    """Text in, one score per label out. Made in the process that uses it, never before a fork."""

    @property
    def version(self) -> str:
        """Name, digest of the weights and rules: `compact@c18cfd0825a8+cleaning1`."""
        ...

    @property
    def labels(self) -> frozenset[Label]:
        """The labels that every text gets a score for."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """The languages it has learnt, by code; its scores of other texts mean little."""
        ...

    def can_read(self, text: str) -> bool:
        """Say whether the scores of this text mean anything; if not, a person must judge it."""
        ...

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        """Score each text: one mapping per text, in order, each score finite and from 0 to 1.

        A text's scores never depend on its companions. Any str of up to 20,000 characters is
        scored to its end: empty, with NUL or with lone surrogates too. `between` is called after
        each tensor call, some hundredths of a second to some seconds apart, so that a lease can
        be renewed; what it raises ends the work and is passed on.
        """
        ...


@dataclass(frozen=True, slots=True)
class ClassifierOptions:
    """What an operator sets: where fetched models are, and what computes with them."""

    models: Path = Path("var/models")
    device: Device = Device.CPU


NO_OPTIONS = ClassifierOptions()
