"""A histogram as numbers for an SVG: no script draws it, and a table tells the same."""

from dataclasses import dataclass
from math import log1p

from api.dashboard.languages import span
from moderation.model.policy import Threshold
from moderation.services.simulating import Histogram

WIDTH, HEIGHT = 320, 56
ROWS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the units of the drawing."""

    x: float
    y: float
    width: float
    height: float
    over: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of one label, where its threshold stands, and the same as rows of a table."""

    bars: tuple[Bar, ...]
    line: float | None
    rows: tuple[tuple[str, int], ...]
    total: int


def chart(histogram: Histogram, threshold: Threshold | None) -> Chart:
    """Lay a histogram out; heights are logarithmic, or the few high scores would not be seen."""
    counts, line = histogram.counts, None if threshold is None else threshold.lowest
    highest, step = log1p(max(counts)) or 1.0, WIDTH / len(counts)
    bars = (
        _bar(position * step, step, HEIGHT * log1p(count) / highest, line)
        for position, count in enumerate(counts)
        if count
    )
    in_row = len(counts) // ROWS
    rows = tuple(
        (span(row / ROWS, (row + 1) / ROWS, 1), sum(counts[row * in_row :][:in_row]))
        for row in range(ROWS)
    )
    return Chart(tuple(bars), None if line is None else line * WIDTH, rows, sum(counts))


def _bar(x: float, step: float, height: float, line: float | None) -> Bar:
    # A bar that the line cuts counts as below it: its comments may be on either side.
    over = line is not None and x >= line * WIDTH - 1e-9
    height = max(height, 2.0)
    return Bar(round(x + 0.5, 2), round(HEIGHT - height, 2), step - 1, round(height, 2), over)
