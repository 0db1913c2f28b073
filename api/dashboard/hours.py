"""The hours of a day as numbers for an SVG: no script draws it, and a table tells the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.services.shift import Hour

WIDTH, HEIGHT = 720, 120
GAP = 2.0
EVERY = 6
"""Hours between two that are named under the drawing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the units of the drawing."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Hours:
    """Two bars for each hour, what the highest stands for, and where hours are named."""

    arrived: tuple[Bar, ...]
    cleared: tuple[Bar, ...]
    names: tuple[tuple[float, str], ...]
    most: int


def draw_hours(hours: Sequence[Hour]) -> Hours:
    """Lay the hours out beside each other."""
    most = max((max(hour.arrived, hour.cleared) for hour in hours), default=0)
    step = WIDTH / max(len(hours), 1)
    width = (step - 2 * GAP) / 2
    starts = [place * step + GAP for place in range(len(hours))]
    return Hours(
        arrived=_bars(starts, [hour.arrived for hour in hours], width, most),
        cleared=_bars([x + width for x in starts], [hour.cleared for hour in hours], width, most),
        names=tuple(
            (round(x + width, 1), f"{hour.begins:%H:%M}")
            for x, hour in zip(starts, hours, strict=True)
            if hour.begins.hour % EVERY == 0
        ),
        most=most,
    )


def _bars(
    starts: Sequence[float], counts: Sequence[int], width: float, most: int
) -> tuple[Bar, ...]:
    heights = [HEIGHT * count / max(most, 1) for count in counts]
    return tuple(
        Bar(round(x, 1), round(HEIGHT - height, 1), round(width, 1), round(height, 1))
        for x, height in zip(starts, heights, strict=True)
        if height
    )
