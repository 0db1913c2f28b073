"""Miss rates week by week as numbers for an SVG; a table tells the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from moderation.model.miss_rates import Rate

WIDTH, HEIGHT = 720, 120
LEAST = 0.01
"""The drawing shows at least up to this share, so that next to nothing looks like it."""


@dataclass(frozen=True, slots=True)
class Week:
    """Where a week stands, and how high its rate and the ends of its interval are."""

    name: str
    x: float
    y: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks with something judged, and which share the top of the drawing stands for."""

    weeks: tuple[Week, ...]
    most: float


def draw_weeks(found: Mapping[date, Rate]) -> Weeks:
    """Lay the weeks out beside each other, the oldest first."""
    known = {begins: rate for begins, rate in found.items() if rate.share is not None}
    most = max((rate.high for rate in known.values()), default=0.0)
    most = max(most, LEAST)
    if not found:
        return Weeks((), most)
    first = min(found)
    step = WIDTH / ((max(found) - first).days // 7 + 1)
    return Weeks(
        tuple(
            Week(
                f"{begins:%m-%d}",
                round(((begins - first).days // 7 + 0.5) * step, 1),
                *(_height(share, most) for share in (rate.share or 0.0, rate.high, rate.low)),
            )
            for begins, rate in sorted(known.items())
        ),
        most,
    )


def _height(share: float, most: float) -> float:
    return round(HEIGHT * (1 - share / most), 1)
