"""A dot for each comment, in the column of its score."""

import re

import pytest

from api.dashboard.dots import COLUMNS, HEIGHT, WIDTH, column_of, draw_dots


@pytest.mark.parametrize(
    ("score", "column"), [(0.0, 0), (0.29, 29), (0.8499, 84), (0.85, 85), (0.999, 99), (1.0, 99)]
)
def test_a_score_stands_in_the_column_of_its_hundredth(score: float, column: int) -> None:
    assert column_of(score) == column


def dots(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)h0", path)]


@pytest.mark.parametrize("number", [1, 10, 3_000])
def test_every_comment_is_a_dot_within_the_picture(number: int) -> None:
    drawing = draw_dots([0.5] * number + [1.0], 0.4, 0.6)
    found = dots(drawing.path)
    assert len(found) == number + 1
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in found)
    assert (drawing.columns[50], drawing.columns[-1]) == (number, 1)
    assert sum(count for _, count in drawing.rows) == number + 1
    assert drawing.within == number


def test_a_band_takes_in_its_lower_edge_and_1_and_leaves_its_upper_edge_out() -> None:
    assert draw_dots([0.2, 0.3], 0.2, 0.3).within == 1
    assert draw_dots([0.2, 1.0], 0.2, 1.0).within == 2
    assert draw_dots([], 0.2, 1.0).columns == (0,) * COLUMNS
