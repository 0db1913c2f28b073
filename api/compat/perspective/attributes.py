"""Attributes: what Perspective scores, and which of our labels says the same."""

from moderation.model.perspective import LABELS, attributes_of

__all__ = ["LABELS", "attributes_of"]
