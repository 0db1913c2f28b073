"""A simulation in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from api.dashboard import simulation_words as words
from moderation.model.decisions import Action
from moderation.model.ids import SiteId
from moderation.model.proportions import Proportion
from moderation.model.simulation import Side
from moderation.services.simulating import Pace, Period, Simulation
from moderation.storage.simulation import Replayed

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
OF = Replayed(SiteId(UUID(int=1)), "c@1")
MONTH = Period(30, OF, (NOW - timedelta(days=30), NOW))


def side(flagged: int, rejected: int = 0, missed: int = 0, of: int = 40) -> Side:
    actions = {Action.FLAG: flagged, Action.REJECT: rejected}
    return Side(actions, {}, Proportion(36, 45), Proportion(of - missed, of))


def simulation(live: Side, draft: Side | None = None, pace: float = 270.0) -> Simulation:
    return Simulation(MONTH, 12_340, live, draft, (), (), (), 60, Pace(pace, 80))


def test_what_would_change_is_said_in_plain_words() -> None:
    assert words.told(simulation(side(500, missed=1), side(210, missed=3))) == (
        "Of the 12,340 comments of the last 30 days, 210 would wait for a person instead of 500:"
        " 7 a day instead of 17, 32 minutes of reading instead of 1 hour."
        " 3 of the 40 that your moderators rejected would be missed instead of 1."
    )


def test_what_is_in_force_is_said_alone_and_what_is_rejected_too() -> None:
    assert words.told(simulation(side(1, 5, of=0))) == (
        "Of the 12,340 comments of the last 30 days, 1 waits for a person: fewer than 1 a day,"
        " less than a minute of reading. 5 are rejected without a person."
        " Your moderators rejected none of them, so nothing tells what is missed."
    )
    found = simulation(side(300, 5, missed=2, of=19), side(300, 8, missed=2, of=19))
    assert words.told(found) == (
        "Of the 12,340 comments of the last 30 days, 300 would wait for a person, as many as now."
        " 8 would be rejected without a person instead of 5. 2 of the 19 that your moderators"
        " rejected would be missed. That is too few to tell much."
    )


def test_where_nothing_was_written_that_is_said() -> None:
    found = replace(simulation(side(0)), comments=0)
    assert words.told(found) == "Nothing with these scores was written in the last 30 days."
    everything = replace(found, period=Period(0, OF, None))
    assert words.told(everything) == "Nothing with these scores was written in all the time."


def test_a_share_has_its_interval_and_none_is_said_of_a_few() -> None:
    assert words.share(Proportion(36, 45)) == "80 % (66 % to 89 %), on 45"
    assert words.share(Proportion(19, 19)) == "too few to tell (19)"
    assert words.share(Proportion(0, 0)) == "too few to tell (0)"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.0, "no time"),
        (0.001, "less than a minute"),
        (0.017, "1 minute"),
        (0.42, "25 minutes"),
        (0.95, "1 hour"),
        (2.4, "2.5 hours"),
        (1_200.0, "1,200 hours"),
    ],
)
def test_a_time_is_said_roughly(hours: float, said: str) -> None:
    assert words.duration(hours) == said


def test_where_the_time_comes_from_is_said() -> None:
    assert words.pace(simulation(side(0), pace=12.4)) == (
        "12 seconds for a comment, the median at this site"
    )
    guessed = replace(simulation(side(0)), pace=Pace(20.0, 49))
    assert words.pace(guessed).startswith("20 seconds for a comment, a guess")
