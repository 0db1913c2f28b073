"""What getting a classifier's files looks like from outside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one step has come, in bytes; `total` is None where nobody knows."""

    step: str
    done: int = 0
    total: int | None = None


Fetch = Callable[[Path, str | None], Iterator[Progress]]
"""Takes the folder of models, and a mirror instead of where the files are published."""
