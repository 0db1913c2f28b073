"""Rates as numbers for an SVG: no script draws it, and a table tells the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from api.dashboard.moments import utc_day
from moderation.model.decisions import Action
from moderation.model.rates import Handled, Period

WIDTH, HEIGHT = 720, 120
GAP = 2.0
MOST_NAMES = 7
"""Under a drawing: more would not fit on a phone."""
ROOM = 1.1
"""Of the height over the highest interval, so that it is seen to end."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a bar, in the units of the drawing."""

    action: Action
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Point:
    """A share, and from where to where its interval reaches."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chart:
    """What automation did, step by step: bars, the share flagged, and where days are named."""

    bars: tuple[Bar, ...]
    points: tuple[Point, ...]
    published: tuple[float, ...]
    """Where versions of the policy were published."""
    names: tuple[tuple[float, str], ...]
    most: int
    """What the highest bar stands for."""
    highest: float
    """The share at the upper edge."""

    @property
    def line(self) -> str:
        """The points as an SVG's line has them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def draw_rates(
    steps: Sequence[Handled], period: Period, published: Sequence[datetime] = ()
) -> Chart:
    """Lay the steps out beside each other, and mark when policies were published."""
    width = WIDTH / max(len(steps), 1)
    most = max((step.total for step in steps), default=0)
    told = [(place, step.share_flagged) for place, step in enumerate(steps) if step.total]
    highest = min(max((share.high for _, share in told), default=1.0) * ROOM, 1.0)
    days = [place for place, step in enumerate(steps) if not step.span.begins.hour]
    every = max(1, ceil(len(days) / MOST_NAMES))
    return Chart(
        bars=tuple(
            bar
            for place, step in enumerate(steps)
            for bar in _stacked(step, place * width, width, most)
        ),
        points=tuple(
            Point(
                round((place + 0.5) * width, 1),
                *(_down(one / highest) for one in (share.share or 0.0, share.low, share.high)),
            )
            for place, share in told
        ),
        published=tuple(
            round((at - steps[0].span.begins) / period.step * width, 1) for at in published
        ),
        names=tuple(
            (round((place + 0.5) * width, 1), utc_day(steps[place].span.begins))
            for place in days[every // 2 :: every]
        ),
        most=most,
        highest=highest,
    )


def _stacked(step: Handled, x: float, width: float, most: int) -> list[Bar]:
    """Return the parts of one bar, the lowest first."""
    bars, below = [], 0
    for action, number in (
        (Action.APPROVE, step.approved),
        (Action.FLAG, step.flagged),
        (Action.REJECT, step.rejected),
    ):
        if number:
            top, height = _down((below + number) / most), HEIGHT * number / most
            gap = min(GAP, width / 4)
            bars.append(
                Bar(action, round(x + gap, 1), top, round(width - 2 * gap, 1), round(height, 1))
            )
        below += number
    return bars


def _down(share: float) -> float:
    """Turn a share of the height into a place in the drawing, whose numbers grow downwards."""
    return round(HEIGHT * (1 - share), 1)
