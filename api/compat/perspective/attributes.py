"""Attributes: what Perspective scores, and which of our labels says the same."""

from collections.abc import Collection

from moderation.model.labels import Label

LABELS = {
    "TOXICITY": Label.TOXICITY,
    "SEVERE_TOXICITY": Label.SEVERE_TOXICITY,
    "IDENTITY_ATTACK": Label.IDENTITY_ATTACK,
    "INSULT": Label.INSULT,
    "PROFANITY": Label.OBSCENE,
    "THREAT": Label.THREAT,
    "SEXUALLY_EXPLICIT": Label.SEXUAL_EXPLICIT,
    # Perspective's other versions of the same notions: to whom they were good enough ours is.
    "TOXICITY_EXPERIMENTAL": Label.TOXICITY,
    "SEVERE_TOXICITY_EXPERIMENTAL": Label.SEVERE_TOXICITY,
    "IDENTITY_ATTACK_EXPERIMENTAL": Label.IDENTITY_ATTACK,
    "INSULT_EXPERIMENTAL": Label.INSULT,
    "PROFANITY_EXPERIMENTAL": Label.OBSCENE,
    "THREAT_EXPERIMENTAL": Label.THREAT,
    "TOXICITY_FAST": Label.TOXICITY,
}
"""No other attribute means what one of our labels means, and none gets a number that we made up."""


def attributes_of(labels: Collection[Label]) -> list[str]:
    """Return the attributes that a classifier with these labels scores."""
    return [name for name, label in LABELS.items() if label in labels]
