"""Labels: what comments are scored for."""

from collections.abc import Mapping
from enum import StrEnum


class Label(StrEnum):
    """One kind of toxicity, named as Detoxify and the Jigsaw data sets name it.

    UNWANTED is none: a site's own head says how likely its moderators reject a comment.
    """

    TOXICITY = "toxicity"
    SEVERE_TOXICITY = "severe_toxicity"
    OBSCENE = "obscene"
    THREAT = "threat"
    INSULT = "insult"
    IDENTITY_ATTACK = "identity_attack"
    SEXUAL_EXPLICIT = "sexual_explicit"
    UNWANTED = "unwanted"


OF_CLASSIFIERS = tuple(label for label in Label if label is not Label.UNWANTED)
"""What a classifier may score."""


Scores = Mapping[Label, float]
"""A score from 0 to 1 for each label that the classifier knows."""
