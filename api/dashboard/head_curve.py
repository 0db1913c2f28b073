"""The curve of a head: what is found and what is flagged for nothing, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.model.head_trials import Point, Trial

SIDE = 300
"""Units of the drawing, for shares from 0 to 1."""

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """Where it runs, and the policy in force (`now`) and the proposed line (`then`) beside it."""

    path: str
    now: Place
    then: Place
    points: tuple[Point, ...]


def curve(trial: Trial) -> Curve:
    """Lay out a trial: flagged for nothing to the right, found upwards."""
    places = [_place(point.false, point.found) for point in _in_order(trial.curve)]
    return Curve(
        path="M" + "L".join(f"{x} {y}" for x, y in places),
        now=_place(
            _share(trial.false_now, trial.approved), _share(trial.found_now, trial.rejected)
        ),
        then=_place(
            _share(trial.false_then, trial.approved), _share(trial.found_then, trial.rejected)
        ),
        points=trial.curve,
    )


def _in_order(points: Sequence[Point]) -> list[Point]:
    return sorted(points, key=lambda point: (point.false, point.found))


def _share(many: int, of: int) -> float:
    return many / of if of else 0.0


def _place(false: float, found: float) -> Place:
    return round(SIDE * false, 1), round(SIDE * (1 - found), 1)
