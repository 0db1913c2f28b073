"""Perspective: what Google's API scores, and which labels of ours say the same."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.model.ids import CommentId, SiteId
from moderation.model.labels import Label


class Attribute(StrEnum):
    """What Perspective scores and a label of ours stands for; of others no pair could be made."""

    TOXICITY = "TOXICITY"
    SEVERE_TOXICITY = "SEVERE_TOXICITY"
    IDENTITY_ATTACK = "IDENTITY_ATTACK"
    INSULT = "INSULT"
    PROFANITY = "PROFANITY"
    THREAT = "THREAT"
    SEXUALLY_EXPLICIT = "SEXUALLY_EXPLICIT"
    # Perspective's other versions of the same notions: to whom they were good enough ours is.
    TOXICITY_EXPERIMENTAL = "TOXICITY_EXPERIMENTAL"
    SEVERE_TOXICITY_EXPERIMENTAL = "SEVERE_TOXICITY_EXPERIMENTAL"
    IDENTITY_ATTACK_EXPERIMENTAL = "IDENTITY_ATTACK_EXPERIMENTAL"
    INSULT_EXPERIMENTAL = "INSULT_EXPERIMENTAL"
    PROFANITY_EXPERIMENTAL = "PROFANITY_EXPERIMENTAL"
    THREAT_EXPERIMENTAL = "THREAT_EXPERIMENTAL"
    TOXICITY_FAST = "TOXICITY_FAST"

    @property
    def label(self) -> Label:
        """Which of our labels says the same."""
        return LABELS[self]


AttributeScores = Mapping[Attribute, float]
"""What Perspective said of one text: scores from 0 to 1."""

LABELS: Mapping[str, Label] = {
    Attribute.TOXICITY: Label.TOXICITY,
    Attribute.SEVERE_TOXICITY: Label.SEVERE_TOXICITY,
    Attribute.IDENTITY_ATTACK: Label.IDENTITY_ATTACK,
    Attribute.INSULT: Label.INSULT,
    Attribute.PROFANITY: Label.OBSCENE,
    Attribute.THREAT: Label.THREAT,
    Attribute.SEXUALLY_EXPLICIT: Label.SEXUAL_EXPLICIT,
    Attribute.TOXICITY_EXPERIMENTAL: Label.TOXICITY,
    Attribute.SEVERE_TOXICITY_EXPERIMENTAL: Label.SEVERE_TOXICITY,
    Attribute.IDENTITY_ATTACK_EXPERIMENTAL: Label.IDENTITY_ATTACK,
    Attribute.INSULT_EXPERIMENTAL: Label.INSULT,
    Attribute.PROFANITY_EXPERIMENTAL: Label.OBSCENE,
    Attribute.THREAT_EXPERIMENTAL: Label.THREAT,
    Attribute.TOXICITY_FAST: Label.TOXICITY,
}
"""No other attribute means what one of our labels means, and none gets a number that we made up."""

ASKED = (
    Attribute.TOXICITY,
    Attribute.SEVERE_TOXICITY,
    Attribute.IDENTITY_ATTACK,
    Attribute.INSULT,
    Attribute.PROFANITY,
    Attribute.THREAT,
)
"""What Copydesk asks Perspective for: its production attributes, which all know the same languages.
One that did not would have the whole request refused."""

USUAL_THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
"""Those that sites are known to flag from."""


def attributes_of(labels: Collection[Label]) -> list[str]:
    """Return the attributes that a classifier with these labels scores."""
    return [attribute for attribute in Attribute if attribute.label in labels]


def checked_scores(given: object) -> dict[Attribute, float]:
    """Return the scores of the attributes that we can compare; others are passed over.

    Raises ValueError, quoting nothing, for what is no score from 0 to 1.
    """
    if not isinstance(given, Mapping):
        raise ValueError("it has scores that are no object")  # noqa: TRY004 - what was sent is wrong
    scores = {Attribute(name): given[name] for name in Attribute if name in given}
    for name, score in scores.items():
        if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
            raise ValueError(f"it has no score from 0 to 1 for {name}")
    return {name: float(score) for name, score in scores.items()}


def summary_scores(given: object) -> dict[Attribute, float]:
    """Return the scores in what Perspective calls `attributeScores`. Raises ValueError."""
    if not isinstance(given, Mapping):
        raise ValueError("it has attributeScores that are no object")  # noqa: TRY004 - as above
    return checked_scores(
        {name: _within(found, "summaryScore", "value") for name, found in given.items()}
    )


def _within(found: object, *names: str) -> object:
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


class ShadowState(StrEnum):
    """Whether Copydesk asks Perspective for a site, and why not any more."""

    ON = "on"
    OFF = "off"
    KEY_REFUSED = "key-refused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Question:
    """A comment that Perspective is asked about, with the key of its site.

    `asked_since` names the switching on that it belongs to.
    """

    site_id: SiteId
    comment_id: CommentId
    revision: int
    language: str | None
    asked_since: datetime
    spacing: float
    """Seconds until the next question of this site, at the soonest."""
    text: str = field(repr=False)
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a question: scores, or a problem in words that quote nothing.

    `refused` says that only this text was; `state` that it is over for this site.
    """

    scores: AttributeScores = field(default_factory=dict)
    problem: str | None = None
    refused: bool = False
    retry_after: int | None = None
    state: ShadowState = ShadowState.ON
