"""How often people agree, as numbers for an SVG; a table tells the same."""

from dataclasses import dataclass

from moderation.model.proportions import Proportion

WIDTH = 160


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a share stands between 0 and `WIDTH`, and how far its interval reaches."""

    at: float
    low: float
    high: float


def bar(proportion: Proportion) -> Bar:
    """Lay one share out; it has a sample."""
    share = proportion.share or 0.0
    return Bar(*(round(WIDTH * one, 1) for one in (share, proportion.low, proportion.high)))
