"""Where the drawings of rates are named."""

from datetime import UTC, datetime, timedelta

import pytest

from api.dashboard import rate_bars
from api.dashboard.rate_bars import MOST_NAMES, WIDTH, draw_rates
from moderation.model.rates import PERIODS, Handled, Period, Span

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def steps_of(period: Period, begins: datetime) -> list[Handled]:
    many = timedelta(days=period.days) // period.step + 1
    starts = [begins + n * period.step for n in range(many)]
    return [Handled(Span(start, start + period.step), approved=1) for start in starts]


@pytest.fixture(autouse=True)
def _without_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_bars, "utc_day", lambda moment: f"{moment:%d}")


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: f"{period.days} days")
def test_each_name_is_of_a_day_and_stands_where_it_begins(period: Period) -> None:
    begins = NOON if period.step < timedelta(days=1) else NOON.replace(hour=0)
    steps = steps_of(period, begins)
    width = WIDTH / len(steps)
    names = draw_rates(steps, period).names
    assert MOST_NAMES // 2 <= len(names) <= MOST_NAMES
    for x, name in names:
        step = steps[int(x / width)].span.begins
        assert (f"{step:%d}", step.hour) == (name, 0)
