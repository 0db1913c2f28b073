"""The shift: what came and went, who is on, and nobody's rank."""

import re
from datetime import timedelta

from flask import Flask

from moderation.model.decisions import Action
from moderation.runtime import Runtime
from moderation.services.lateness import change_warning
from moderation.services.moderating import decide_comment, undo
from moderation.services.shift import read_shift
from moderation.storage.reviews import reviews
from tests.complaining import appealed, decide
from tests.factories import Agora, add_bob, flagged_comment
from tests.integration.dashboard.conftest import Browser


def test_the_shift_says_how_the_team_stands(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    add_bob(runtime, agora.site_id)
    ids = [flagged_comment(runtime, agora.site_id, f"c{n}") for n in range(4)]
    flagged_comment(runtime, agora.other_site_id)
    for comment_id in ids[:2]:
        decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    taken_back = decide_comment(runtime, agora.alice, ids[2], Action.REJECT, seen=1)
    undo(runtime, agora.alice, taken_back.id)
    olga.post(f"/comments/{ids[3]}/claim", 204)
    shift = read_shift(runtime, agora.alice, [agora.site_id, agora.other_site_id])
    assert (sum(hour.arrived for hour in shift.hours), shift.waiting, shift.overdue) == (4, 2, 0)
    assert sum(hour.cleared for hour in shift.hours) == 2
    assert (shift.mine, read_shift(runtime, agora.olga, [agora.site_id]).mine) == (2, 0)
    assert [person.name for person, _ in shift.on] == ["Alice", "Olga"]
    page = alice.get("/shift").text
    assert f"/comments/{ids[3]}" in page
    assert re.search(r"Olga, .*just now", page)
    assert "Bob" not in page
    assert page.count('scope="row"') == len(shift.hours) == 24
    assert page.count('class="arrived" x=') in (1, 2)


def test_who_answers_an_appeal_has_cleared_it(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.REJECT)
    appealed(runtime, agora.site_id, comment_id)
    decide(runtime, agora.olga, comment_id, Action.APPROVE)
    shift = read_shift(runtime, agora.olga, [agora.site_id])
    assert (shift.mine, sum(hour.cleared for hour in shift.hours)) == (1, 2)


def test_an_empty_shift_is_drawn_too(alice: Browser) -> None:
    page = alice.get("/shift").text
    assert "Nobody is on any comment just now" in page
    assert "at most 0 in one" in page


def test_a_site_where_a_comment_waits_too_long_is_named(
    runtime: Runtime, agora: Agora, alice: Browser, app: Flask
) -> None:
    warning = "a comment waits for over 30 minutes"
    change_warning(runtime, "agora", 30)
    comment_id = flagged_comment(runtime, agora.site_id)
    assert warning not in alice.get("/shift").text
    with runtime.transaction() as connection:
        waited = {"opened_at": runtime.database_now(connection) - timedelta(minutes=31)}
        ours = reviews.c.comment_id == comment_id
        connection.execute(reviews.update().where(ours).values(waited))
    assert warning in alice.get("/shift").text
    metrics = app.test_client().get("/metrics").text
    (seconds,) = re.findall(r"^copydesk_oldest_waiting_seconds (\S+)$", metrics, re.MULTILINE)
    assert 1860 <= float(seconds) < 1900
    change_warning(runtime, "agora", 0)
    assert warning not in alice.get("/shift").text
