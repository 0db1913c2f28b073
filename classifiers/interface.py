"""What every classifier is."""

from collections.abc import Callable, Sequence
from typing import Protocol

from moderation.model.labels import Label, Scores


def nothing() -> None:
    """Do nothing between pieces of work."""


class Classifier(Protocol):
    """Text in, one score per label out. Made in the process that uses it, never before a fork.

    One that asks something else raises ClassifierUnavailable while that is away, whatever it is
    asked; to classify no texts finds out before there is anything to lose.
    """

    @property
    def version(self) -> str:
        """Name, digest of the weights and rules: `compact@5cb4ca47be35+cleaning1`."""
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
        each piece of work, such as a tensor call, some hundredths of a second to some seconds
        apart, so that a lease can be renewed; what it raises ends the work and is passed on.
        """
        ...
