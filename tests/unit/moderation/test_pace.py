"""How long people take from one decision to the next."""

from datetime import UTC, datetime, timedelta

from moderation.services.simulating import ENOUGH_GAPS, GUESSED_SECONDS, Pace, pace_of

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def row(person: str, *gaps: float) -> list[tuple[object, datetime]]:
    """Return decisions of somebody, so many seconds after each other."""
    made, at = [(person, START)], START
    for gap in gaps:
        at += timedelta(seconds=gap)
        made.append((person, at))
    return [*made]


def test_the_pace_is_the_median_of_what_was_decided_in_a_row() -> None:
    made = row("alice", *[8.0] * 30) + row("bob", *[12.0] * 31)
    assert pace_of(made[::-1]) == Pace(12.0, 61)
    assert pace_of(made).is_measured


def test_a_pause_and_what_was_decided_at_once_are_no_pace() -> None:
    made = row("alice", *[8.0] * ENOUGH_GAPS, *[301.0] * 99, *[0.0] * 99, *[0.5] * 99)
    assert pace_of(made) == Pace(8.0, ENOUGH_GAPS)


def test_of_a_few_decisions_nothing_is_concluded() -> None:
    found = pace_of(row("alice", *[8.0] * (ENOUGH_GAPS - 1)))
    assert found == Pace(GUESSED_SECONDS, ENOUGH_GAPS - 1)
    assert not found.is_measured
    assert pace_of([]) == Pace(GUESSED_SECONDS, 0)
