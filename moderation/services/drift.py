"""Drift: which days' shares flagged are not as usual, today so far with the same hours before."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from moderation.model.drift import DAY, DAYS_BEFORE, Drift, drifts
from moderation.model.ids import SiteId
from moderation.model.rates import Handled, Period, Span
from moderation.storage import rates
from moderation.storage.database import Connection


def latest_drifts(
    connection: Connection, site_ids: Collection[SiteId], now: datetime
) -> Mapping[SiteId, tuple[Drift, ...]]:
    """Say of yesterday and of today so far where they differ, at each of these sites."""
    whole, so_far = whole_days(now, 1), _days_so_far(now)
    counted = rates.handled(connection, site_ids, [*whole, *so_far])
    return {
        site_id: _both(days[: len(whole)], days[len(whole) :]) for site_id, days in counted.items()
    }


def drifts_in(
    connection: Connection,
    site_id: SiteId,
    period: Period,
    steps: Sequence[Handled],
    now: datetime,
) -> tuple[Drift, ...]:
    """Say which days of a period differ, whose steps were counted already."""
    known = {step.span: step for step in steps}
    whole = whole_days(now, period.days - 1)
    asked = [span for span in whole if span not in known]
    counted = rates.handled(connection, [site_id], [*asked, *_days_so_far(now)])[site_id]
    known |= {day.span: day for day in counted[: len(asked)]}
    return _both([known[span] for span in whole], counted[len(asked) :])


def _both(whole: Sequence[Handled], so_far: Sequence[Handled]) -> tuple[Drift, ...]:
    return drifts(whole) + drifts(so_far)


def whole_days(now: datetime, many: int) -> list[Span]:
    """Return the last whole days, and before them those that they are compared with."""
    today = _midnight(now)
    begins = [today - DAY * back for back in range(many + DAYS_BEFORE, 0, -1)]
    return [Span(one, one + DAY) for one in begins]


def _days_so_far(now: datetime) -> list[Span]:
    """Return today so far, and before it the same hours of the days that it is compared with."""
    today = _midnight(now)
    begins = [today - DAY * back for back in range(DAYS_BEFORE, -1, -1)]
    return [Span(one, one + (now - today)) for one in begins]


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
