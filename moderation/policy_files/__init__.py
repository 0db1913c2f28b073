"""Policies in files: strict YAML in, stable YAML out."""

from moderation.policy_files.mistakes import Mistake, NoPolicy
from moderation.policy_files.reading import MAX_BYTES, read_policy
from moderation.policy_files.writing import write_policy

__all__ = ["MAX_BYTES", "Mistake", "NoPolicy", "read_policy", "write_policy"]
