"""Drift on the pages: where a day's share flagged is not as usual, both say so."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from moderation.model.decisions import Action, Source
from moderation.model.ids import new_uuid
from moderation.model.people import Role
from moderation.model.rates import PERIODS
from moderation.runtime import Runtime
from moderation.services.rates import read_rates
from moderation.services.shift import read_shift
from moderation.storage import decisions
from tests.factories import Agora, FakeClock, make_user, submit
from tests.integration.dashboard.conftest import Browser
from tests.statements import heard

pytestmark = pytest.mark.usefixtures("time_is_held")

A_DAY = 60
USUAL = 6
"""Flagged on a day like any other."""


def fill(runtime: Runtime, agora: Agora, now: datetime, days: int, odd: Mapping[int, int]) -> None:
    """Let automation have judged on so many days; `odd` says how many it flagged, days back."""
    comment_id = submit(runtime, agora.site_id).comment_id
    rows = []
    for back in range(days):
        at = (now - timedelta(days=back)).replace(hour=1)
        flagged = odd.get(back, USUAL + back % 3)
        for n in range(A_DAY):
            row = {"comment_id": comment_id, "site_id": agora.site_id, "revision": 1, "reasons": []}
            made = {"id": new_uuid(), "sequence": len(rows) + 1, "imported": False}
            action = Action.FLAG if n < flagged else Action.APPROVE
            said = {"action": action, "source": Source.AUTOMATION, "decided_at": at}
            rows.append(row | made | said)
    with runtime.transaction() as connection:
        decisions.add_all(connection, rows)


@pytest.mark.parametrize("period", PERIODS)
def test_days_beyond_chance_are_told(
    runtime: Runtime, agora: Agora, clock: FakeClock, period: object
) -> None:
    asked = next(one for one in PERIODS if one == period)
    fill(runtime, agora, clock.now(), 40, {0: 30, 3: 0})
    rates = read_rates(runtime, agora.olga, agora.site_id, asked)
    told = [(clock.now() - one.span.begins).days for one in rates.drifts]
    assert told == [3, 0]
    fewer, more = rates.drifts
    assert (fewer.is_more, more.is_more) == (False, True)
    assert more.usual == pytest.approx(0.12, abs=0.03)
    assert more.span.ends == clock.now(), "of today only as much as there is"


def test_both_pages_say_it_and_the_shift_to_moderators_too(
    runtime: Runtime, agora: Agora, clock: FakeClock, olga: Browser, alice: Browser
) -> None:
    said = "more comments were flagged than usual: 50.0&nbsp;% of 60"
    assert "than usual" not in olga.get("/rates").text + alice.get("/shift").text
    fill(runtime, agora, clock.now(), 40, {0: 30})
    assert said in olga.get("/rates").text
    shift = alice.get("/shift").text
    assert f"On Nov 2 {said}" in shift
    assert 'href="/rates' not in shift
    assert 'href="/rates' in olga.get("/shift").text


def test_days_beyond_the_newest_few_are_only_marked(
    runtime: Runtime, agora: Agora, clock: FakeClock, olga: Browser
) -> None:
    fill(runtime, agora, clock.now(), 60, {n: 55 - 5 * n for n in range(6)})
    page = olga.get("/rates").text
    assert page.count("than usual: ") == 3
    assert "3 more days were not as usual" in page
    assert page.count(">not as usual</span>") == 6


def test_what_was_long_ago_is_no_news_to_the_shift(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    fill(runtime, agora, clock.now(), 40, {1: 30, 2: 30})
    drifted = read_shift(runtime, agora.alice, [agora.site_id]).drifted
    assert [(clock.now() - drift.span.begins).days for _, drift in drifted] == [1]


def test_drift_costs_one_statement_however_many_sites(runtime: Runtime, agora: Agora) -> None:
    def statements(*site_ids: object) -> int:
        with heard(runtime) as said:
            read_shift(runtime, admin, [one for one in sites if one in site_ids])
        return sum("asked" in one.text for one in said)

    sites = [agora.site_id, agora.other_site_id]
    admin = make_user(runtime, "Ada", Role.ADMIN)
    assert statements(agora.site_id) == statements(*sites) == 1
