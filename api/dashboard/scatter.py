"""Pairs of scores as numbers for an SVG: no script draws them, and a table tells the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log1p
from statistics import quantiles

from api.dashboard.languages import number, span
from moderation.services.carrying import Carried
from moderation.services.translating import AttributeTranslation

SIDE = 300
"""Of the square, in the units of the drawing."""

MOST_DOTS = 300
"""Single comments can be seen; of more, fields say where they are dense."""

FIELDS = 30
SHADES = 5
TENTHS = 10


@dataclass(frozen=True, slots=True)
class Field:
    """A part of the square with comments in it; its corner, and a shade from 1 to SHADES."""

    x: float
    y: float
    shade: int


@dataclass(frozen=True, slots=True)
class Scatter:
    """Dots or fields, lines at a threshold and at what stands for it, and rows of a table."""

    dots: tuple[tuple[float, float], ...]
    fields: tuple[Field, ...]
    lines: tuple[float, float] | None
    rows: tuple[tuple[str, ...], ...]


def scatter(found: AttributeTranslation) -> Scatter:
    """Lay out the pairs of an attribute: Perspective's scores to the right, ours upwards."""
    pairs = list(zip(found.pairs.old, found.pairs.new, strict=True))
    few = len(pairs) <= MOST_DOTS
    return Scatter(
        dots=tuple((_across(old), _upwards(new)) for old, new in pairs) if few else (),
        fields=() if few else tuple(_fields(pairs)),
        lines=_lines(found.carried[0]) if found.typed else None,
        rows=tuple(_rows(pairs)),
    )


def _across(score: float) -> float:
    return round(SIDE * score, 1)


def _upwards(score: float) -> float:
    return round(SIDE * (1 - score), 1)


def _fields(pairs: Sequence[tuple[float, float]]) -> list[Field]:
    """Shade each field by the logarithm of its count: harmless comments outnumber all others."""
    counts = Counter((_part(old, FIELDS), _part(new, FIELDS)) for old, new in pairs)
    most, size = log1p(max(counts.values())), SIDE / FIELDS
    return [
        Field(round(x * size, 1), round(SIDE - (y + 1) * size, 1), ceil(SHADES * log1p(n) / most))
        for (x, y), n in sorted(counts.items())
    ]


def _part(score: float, parts: int) -> int:
    return min(int(score * parts), parts - 1)


def _lines(carried: Carried) -> tuple[float, float]:
    return _across(carried.old), _upwards(carried.threshold.flag or 0.0)


def _rows(pairs: Sequence[tuple[float, float]]) -> list[tuple[str, ...]]:
    inside: list[list[float]] = [[] for _ in range(TENTHS)]
    for old, new in pairs:
        inside[_part(old, TENTHS)].append(new)
    return [
        (span(at / TENTHS, (at + 1) / TENTHS, 1), number(len(ours)), *_quartiles(ours))
        for at, ours in enumerate(inside)
    ]


def _quartiles(scores: Sequence[float]) -> tuple[str, ...]:
    if not scores:
        return ("", "", "")
    found = quantiles(scores, n=4, method="inclusive") if len(scores) > 1 else [scores[0]] * 3
    return tuple(number(score, 2) for score in found)
