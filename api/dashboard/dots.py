"""A dot histogram as numbers for an SVG: a dot is a comment, a column a hundredth of a score."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from api.dashboard.languages import span

WIDTH, HEIGHT = 800, 200
COLUMNS = 100
STEP = WIDTH / COLUMNS
DOT = 6.0
"""From one dot to the next in a column, unless it is too full for that: then they overlap."""

ROWS = 20


@dataclass(frozen=True, slots=True)
class Drawing:
    """All dots as one path, how many stand in each column, and the same as rows of a table."""

    path: str
    columns: tuple[int, ...]
    rows: tuple[tuple[str, int], ...]
    low: float
    high: float
    within: int


def column_of(score: float) -> int:
    """Return the column of a score; 1 stands in the last one."""
    # Rounded first, so that a score of 0.29 is not taken for 0.2899999.
    return min(max(int(round(score * COLUMNS, 6)), 0), COLUMNS - 1)


def draw_dots(scores: Iterable[float], low: float, high: float) -> Drawing:
    """Lay dots out, the lowest at the foot of its column; `low` and `high` are the handles."""
    scores = tuple(scores)
    found = Counter(column_of(score) for score in scores)
    columns = tuple(found[column] for column in range(COLUMNS))
    pitch = min(DOT, (HEIGHT - DOT) / max(*columns, 1))
    path = "".join(
        f"M{column * STEP + STEP / 2:g} {HEIGHT - DOT / 2 - n * pitch:.4g}h0"
        for column, number in enumerate(columns)
        for n in range(number)
    )
    wide = COLUMNS // ROWS
    rows = tuple(
        (span(row / ROWS, (row + 1) / ROWS, 2), sum(columns[row * wide :][:wide]))
        for row in range(ROWS)
    )
    within = sum(low <= score and (score < high or high >= 1) for score in scores)
    return Drawing(path, columns, rows, low * WIDTH, high * WIDTH, within)
