"""Times stand in the zone that a browser says it is in."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from moderation.model.decisions import Action
from moderation.runtime import Runtime
from moderation.services.moderating import decide_comment
from moderation.services.shift import read_shift
from tests.factories import Agora, FakeClock, flagged_comment, make_agora
from tests.integration.dashboard.conftest import Browser

KOLKATA = ZoneInfo("Asia/Kolkata")
NO_ZONES = ("", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "x" * 65, "Europe", "\xff")


@pytest.fixture
def page_of_a_comment(runtime: Runtime, agora: Agora) -> str:
    return f"/comments/{flagged_comment(runtime, agora.site_id)}"


def test_an_exact_time_is_in_the_viewers_zone(alice: Browser, page_of_a_comment: str) -> None:
    in_utc = received(alice.get(page_of_a_comment).text)
    alice.client.set_cookie("copydesk_zone", "Asia/Kolkata")
    there = received(alice.get(page_of_a_comment).text)
    assert (in_utc[1], there[1]) == ("UTC", "IST")
    moment = datetime.fromisoformat(in_utc[0]).replace(tzinfo=UTC)
    assert datetime.fromisoformat(there[0]).replace(tzinfo=KOLKATA) == moment


@pytest.mark.parametrize("said", NO_ZONES)
def test_what_is_no_zone_counts_as_utc(alice: Browser, page_of_a_comment: str, said: str) -> None:
    alice.client.set_cookie("copydesk_zone", said)
    assert received(alice.get(page_of_a_comment).text)[1] == "UTC"


def test_the_hours_of_the_shift_are_the_viewers(alice: Browser) -> None:
    alice.client.set_cookie("copydesk_zone", "Asia/Kolkata")
    named = re.findall(r'scope="row">\w+ \d+, \d\d:(\d\d)<', alice.get("/shift").text)
    assert named == ["30"] * 24


def test_a_day_begins_at_midnight_in_the_viewers_zone(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    runtime, agora = held_runtime, make_agora(held_runtime)
    comment_id = flagged_comment(runtime, agora.site_id)
    clock.pass_time(hours=8)
    decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    clock.pass_time(hours=2)
    cleared = {
        zone: read_shift(runtime, agora.alice, [agora.site_id], zone).mine
        for zone in (UTC, KOLKATA)
    }
    assert cleared == {UTC: 1, KOLKATA: 0}, "it is 19:00 in London and 00:30 in Kolkata"


def received(page: str) -> tuple[str, str]:
    [found] = re.findall(r"Received</dt><dd>(\S+ \S+) (\w+)</dd>", page)
    return found
