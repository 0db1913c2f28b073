"""Miss rates week by week, as a drawing."""

from datetime import date, timedelta

from api.dashboard.miss_weeks import HEIGHT, LEAST, WIDTH, draw_weeks
from moderation.model.miss_rates import Rate

MONDAY = date(2026, 11, 2)
KNOWN = Rate(100, 2, 0.02, 0.005, 0.08)


def week(number: int) -> date:
    return MONDAY + timedelta(days=7 * number)


def test_each_week_has_its_place_and_one_without_a_judgement_stays_empty() -> None:
    drawn = draw_weeks({week(3): KNOWN, week(0): KNOWN, week(1): Rate(0, 0)})
    assert [one.x for one in drawn.weeks] == [WIDTH / 8, WIDTH * 7 / 8]
    assert [one.name for one in drawn.weeks] == ["11-02", "11-23"]


def test_the_top_is_the_highest_end_of_an_interval() -> None:
    [one] = draw_weeks({MONDAY: KNOWN}).weeks
    assert draw_weeks({MONDAY: KNOWN}).most == 0.08
    assert (one.top, one.y, one.bottom) == (0, HEIGHT * 0.75, HEIGHT * 0.9375)


def test_next_to_nothing_looks_like_it() -> None:
    drawn = draw_weeks({MONDAY: Rate(10_000, 0, 0.0, 0.0, 0.0004)})
    assert drawn.most == LEAST
    assert drawn.weeks[0].y == HEIGHT
    assert draw_weeks({}).weeks == ()
