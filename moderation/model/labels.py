"""Labels: what a classifier scores."""

from collections.abc import Mapping
from enum import StrEnum


class Label(StrEnum):
    """One kind of toxicity, named as Detoxify and the Jigsaw data sets name it."""

    TOXICITY = "toxicity"
    SEVERE_TOXICITY = "severe_toxicity"
    OBSCENE = "obscene"
    THREAT = "threat"
    INSULT = "insult"
    IDENTITY_ATTACK = "identity_attack"
    SEXUAL_EXPLICIT = "sexual_explicit"


Scores = Mapping[Label, float]
"""A score from 0 to 1 for each label that the classifier knows."""
