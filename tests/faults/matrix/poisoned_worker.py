"""The workers' entry point in the matrix: as `worker.app`, with a classifier to be poisoned."""

from tests.faults.matrix.poisoned_registry import entry  # before the application reads it
from worker.app import app

__all__ = ["app", "entry"]
