"""Rates: what automation and people do with a site's comments, counted over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.model.drift import Drift
from moderation.model.ids import SiteId
from moderation.model.people import User
from moderation.model.proportions import Proportion
from moderation.model.rates import (
    Handled,
    Outcome,
    Period,
    Reversals,
    Span,
    Waits,
    outcomes,
    waits,
)
from moderation.runtime import Runtime
from moderation.services.capped_sites import Capped, capped_sites
from moderation.services.drift import drifts_in
from moderation.services.operating import check_operator
from moderation.storage import corrections, policies, rates, shift
from moderation.storage.database import Connection

SAMPLE = 2_000
"""The newest comments of a period that people decided: how long those waited is looked at."""

FEW = 2_000
"""Up to so many comments that automation decided, the wait of each is looked at."""

MOST_COMPARED = 5_000
"""The newest decisions of people in a period that are counted: a cost that no history changes."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What became of a site's comments in a period; `steps` are in order."""

    period: Period
    steps: tuple[Handled, ...]
    for_automation: Waits | None
    waits_of_all: bool
    """Whether the waits for automation are those of all comments, or of a sample."""
    for_people: Waits | None
    oldest_pending: datetime | None
    oldest_waiting: datetime | None
    outcomes: tuple[Outcome, ...]
    reversals: Reversals
    drifts: tuple[Drift, ...]
    """Days on which the share flagged was not as usual, in order."""
    published: tuple[tuple[int, datetime], ...]
    """The versions of the policy, and when each was published."""
    capped: tuple[Capped, ...]
    """The site, where its cap of rejections was reached lately."""


def read_rates(runtime: Runtime, user: User, site_id: SiteId, period: Period) -> Rates:
    """Return what became of a site's comments lately. Raises NotFound, Forbidden."""
    check_operator(user, site_id)
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        spans = spans_until(now, period)
        since = spans[0].begins
        cells = [cell for span in spans for cell in _cells(span, period)]
        counted = rates.handled_with_waits(connection, site_id, cells)
        steps = _steps(spans, [one for one, _ in counted], period)
        found = [(wait, one.total) for one, wait in counted if wait is not None]
        few = sum(one.total for one in steps) <= FEW
        if few:
            found = [(wait, 1) for wait in rates.waits(connection, site_id, since)]
        waited = corrections.newest_waits(connection, site_id, since, SAMPLE)
        return Rates(
            period=period,
            steps=steps,
            for_automation=waits(found),
            waits_of_all=few,
            for_people=waits([(wait, 1) for wait in waited]),
            oldest_pending=rates.oldest_pending(connection, site_id),
            oldest_waiting=shift.oldest(connection, [site_id]),
            outcomes=outcomes(corrections.outcomes(connection, site_id, since, MOST_COMPARED)),
            reversals=_reversals(connection, site_id, since),
            drifts=drifts_in(connection, site_id, period, steps, now),
            published=tuple(policies.published_since(connection, site_id, since)),
            capped=capped_sites(connection, [site_id], now),
        )


def spans_until(now: datetime, period: Period) -> tuple[Span, ...]:
    """Return the steps of a period, the last of which goes on; each begins at a round hour."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    last = midnight + (now - midnight) // period.step * period.step
    many = timedelta(days=period.days) // period.step
    begins = [last - period.step * back for back in reversed(range(many))]
    return tuple(Span(one, one + period.step) for one in begins)


def _cells(span: Span, period: Period) -> list[Span]:
    length = period.step / period.cells
    return [
        Span(span.begins + length * place, span.begins + length * (place + 1))
        for place in range(period.cells)
    ]


def _steps(spans: Sequence[Span], cells: Sequence[Handled], period: Period) -> tuple[Handled, ...]:
    """Add up the cells of each step."""
    parts = [cells[place : place + period.cells] for place in range(0, len(cells), period.cells)]
    return tuple(
        Handled(
            span,
            sum(cell.approved for cell in part),
            sum(cell.flagged for cell in part),
            sum(cell.rejected for cell in part),
        )
        for span, part in zip(spans, parts, strict=True)
    )


def _reversals(connection: Connection, site_id: SiteId, since: datetime) -> Reversals:
    of, *reversed_ = corrections.reversals(connection, site_id, since, MOST_COMPARED)
    return Reversals(*(Proportion(many, of) for many in reversed_))
