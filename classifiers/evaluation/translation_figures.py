"""The two pictures of a translation: how the scores lie together, and the curve from old to new."""

from collections.abc import Sequence

import numpy as np

from classifiers.evaluation.figures import spread
from classifiers.evaluation.metrics import Floats
from classifiers.evaluation.plots import (
    INNER_HEIGHT,
    INNER_WIDTH,
    Bar,
    Figure,
    Stroke,
    across,
    dot,
    path,
    upwards,
)
from classifiers.evaluation.translating import LabelTranslation
from classifiers.evaluation.translation_wording import best, same_share
from classifiers.evaluation.wording import NOTHING, number

FIELDS = 40
"""Of each axis: single comments can be seen, and ten thousand are no blot."""

SHADES = 5
TENTHS = 10


def figures(found: LabelTranslation) -> Sequence[Figure]:
    """Draw one label."""
    return (_density(found), _curve(found))


def _density(found: LabelTranslation) -> Figure:
    counts, _, _ = np.histogram2d(found.old, found.new, bins=FIELDS, range=((0, 1), (0, 1)))
    return Figure(
        name="density",
        title="How the scores lie together",
        says="How many comments have which old and which new score; the correlation of ranks is "
        f"{number(found.correlation.value)}.",
        x_title=f"old score: {found.column}",
        y_title="new score",
        bars=_fields(counts),
        legend=[
            ("shade-1", "few comments"),
            (f"shade-{SHADES}", f"up to {int(counts.max()):,} in a field, on a log scale"),
        ],
        columns=("old score", "comments", "lower quartile of new", "median", "upper quartile"),
        rows=[_tenth(found, at) for at in range(TENTHS)],
    )


def _fields(counts: Floats) -> list[Bar]:
    """Shade each field by the logarithm of its count: harmless comments outnumber all others."""
    shades = np.ceil(SHADES * np.log1p(counts) / np.log1p(counts.max())).astype(int)
    width, height = round(INNER_WIDTH / FIELDS, 2), round(INNER_HEIGHT / FIELDS, 2)
    return [
        Bar(across(x / FIELDS), upwards((y + 1) / FIELDS), width, height, f"shade-{shades[x, y]}")
        for x, y in np.argwhere(counts).tolist()
    ]


def _tenth(found: LabelTranslation, at: int) -> tuple[str, ...]:
    inside = np.minimum((found.old * TENTHS).astype(np.intp), TENTHS - 1) == at
    head = (f"{at / TENTHS:.1f} to {(at + 1) / TENTHS:.1f}", f"{inside.sum():,}")
    if not inside.any():
        return (*head, NOTHING, NOTHING, NOTHING)
    return (*head, *map(number, np.quantile(found.new[inside], (0.25, 0.5, 0.75))))


def _curve(found: LabelTranslation) -> Figure:
    old, new = np.sort(found.old), np.sort(found.new)
    shown = spread(old)
    carried = [(row.old_threshold, row.translation) for row in found.rows]
    return Figure(
        name="curve",
        title="From old thresholds to new ones",
        says="Which new threshold flags as many comments as each old one, and which flags the same "
        "ones as far as any does.",
        x_title=f"old threshold: {found.column}",
        y_title="new threshold",
        strokes=[
            Stroke(path([(0, 0), (1, 1)]), "chance"),
            Stroke(path(zip(old[shown], new[shown], strict=True)), "curve"),
        ],
        dots=[
            *(
                dot(at, one.threshold, "bin", one.low, one.high)
                for at, one in carried
                if one.threshold is not None
            ),
            *(
                dot(at, one.best_threshold, "threshold")
                for at, one in carried
                if one.best_threshold is not None
            ),
        ],
        legend=[
            ("curve", "flags as many"),
            ("bin", "with 95 % interval"),
            ("threshold", "agrees best"),
            ("chance", "the same number"),
        ],
        columns=("old threshold", "same share", "best agreement"),
        rows=[(f"{row.old_threshold:g}", same_share(row), best(row)) for row in found.rows],
    )
