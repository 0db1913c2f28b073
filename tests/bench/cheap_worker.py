"""The workers' entry point: as `worker.app`, with a classifier that costs nothing."""

from tests.bench.cheap_registry import entry  # before the application reads it
from worker.app import app

__all__ = ["app", "entry"]
