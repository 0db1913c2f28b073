"""Measured: where the counts of a row lie between limits."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, ColumnElement, case, func, literal

from moderation.model.ladders import Limits
from moderation.model.measures import MOST, TOO_FEW, Measure
from moderation.storage.classifications import classifications

_c = classifications.c


def measured_of(limits: Limits) -> ColumnElement[int]:
    """Return a number with a digit for each measure that has a limit.

    It is 0 where nobody counted, else one more than the limits that the count reaches.
    """
    found: ColumnElement[int] = literal(0, BigInteger)
    radix = 1
    for measure, several in limits.items():
        found += literal(radix, BigInteger) * _digit(_c[measure], several)
        radix *= len(several) + 2
    return found


def over_some(limits: Limits) -> list[ColumnElement[bool]]:
    """Return for each measure the condition that its count is known and over one of its limits."""
    return [_is_over(_c[measure], measure, several) for measure, several in limits.items()]


def _is_over(
    count: ColumnElement[int], measure: Measure, limits: Sequence[int]
) -> ColumnElement[bool]:
    if measure in TOO_FEW:
        return func.coalesce(count, MOST[measure]) < max(limits)
    return func.coalesce(count, 0) >= min(limits)


def _digit(count: ColumnElement[int], limits: Sequence[int]) -> ColumnElement[int]:
    rungs = [(count < limit, n) for n, limit in enumerate(limits, 1)]
    return case((count.is_(None), 0), *rungs, else_=len(limits) + 1)
