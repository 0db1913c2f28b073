"""The shift: what came and went, who is on, and nobody's rank."""

import re

from moderation.model.decisions import Action
from moderation.model.people import Role
from moderation.runtime import Runtime
from moderation.services.moderating import decide_comment, undo
from moderation.services.people import add_user
from moderation.services.shift import read_shift
from tests.complaining import appealed, decide
from tests.factories import Agora, flagged_comment
from tests.integration.dashboard.conftest import Browser


def test_the_shift_says_how_the_team_stands(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    add_user(runtime, "bob@example.org", "Bob", Role.MODERATOR, ["agora"])
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
