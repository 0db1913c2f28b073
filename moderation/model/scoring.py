"""Scoring at once: what the web asks the scoring process, and what it is told."""

from dataclasses import dataclass

from moderation.model.classification import Facts
from moderation.model.comments import Written
from moderation.model.labels import Label, Scores


@dataclass(frozen=True, slots=True)
class Passage(Written):
    """A text to be judged, and parts of it that are scored by the same classifier."""

    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be judged, and for how many seconds who asks will wait."""

    passages: tuple[Passage, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a policy would judge of a passage, the scores of its parts, and who gave them.

    `languages` are those that the classifier knows which judged it.
    """

    facts: Facts
    parts: tuple[Scores, ...]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Judge:
    """The classifier that judges what no policy routes to another."""

    version: str
    labels: frozenset[Label]
    languages: frozenset[str]
