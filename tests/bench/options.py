"""How thoroughly to measure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`runs` is how often each figure is measured; `short` only shows that it works."""

    runs: int
    short: bool
