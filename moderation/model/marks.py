"""Marks: which words of a text raised a label's score, as far as leaving them out tells."""

from dataclasses import dataclass

from moderation.model.labels import Label


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """The characters from `start` to before `end`, code points of the text as readers see it.

    `weight`, from 0 to 1, says how much of the label's score is theirs. An approximation.
    """

    start: int
    end: int
    label: Label
    weight: float
