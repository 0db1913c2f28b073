"""Plots as numbers for SVG: no script draws them, and a table tells the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 360, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 12, 50
INNER_WIDTH = WIDTH - LEFT - RIGHT
INNER_HEIGHT = HEIGHT - TOP - BOTTOM


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, in the units of the drawing."""

    at: float
    text: str


def across(value: float) -> float:
    """Return where a number from 0 to 1 stands from the left."""
    return round(LEFT + INNER_WIDTH * value, 1)


def upwards(value: float, highest: float = 1.0) -> float:
    """Return where a number from 0 to the highest stands, from the top as SVG counts."""
    return round(TOP + INNER_HEIGHT * (1 - value / highest), 1)


def x_ticks() -> list[Tick]:
    """Mark the fifths of 0 to 1 on the lower axis."""
    return [Tick(across(fifth / 5), f"{fifth / 5:.1f}") for fifth in range(6)]


def y_ticks(highest: float = 1.0, parts: int = 5) -> list[Tick]:
    """Mark the parts of 0 to the highest on the left axis."""
    values = (highest * part / parts for part in range(parts + 1))
    return [Tick(upwards(value, highest), f"{value:.2g}") for value in values]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line; `kind` names what it shows, for its colour and for the legend."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point, with its interval from `top` to `bottom` if it has one."""

    x: float
    y: float
    kind: str
    top: float | None = None
    bottom: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One plot; `says` is read aloud, and the rows are its twin as a table."""

    name: str
    title: str
    says: str
    x_title: str
    y_title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    legend: Sequence[tuple[str, str]]
    x_ticks: Sequence[Tick] = field(default_factory=x_ticks)
    y_ticks: Sequence[Tick] = field(default_factory=y_ticks)
    strokes: Sequence[Stroke] = ()
    bars: Sequence[Bar] = ()
    dots: Sequence[Dot] = ()


def path(points: Iterable[tuple[float, float]]) -> str:
    """Return a line through points from 0 to 1, as SVG writes it."""
    return "M" + "L".join(f"{across(x)} {upwards(y)}" for x, y in points)


def dot(x: float, y: float, kind: str, low: float | None = None, high: float | None = None) -> Dot:
    """Return a point at numbers from 0 to 1."""
    top = None if high is None else upwards(high)
    return Dot(across(x), upwards(y), kind, top, None if low is None else upwards(low))
