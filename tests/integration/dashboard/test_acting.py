"""What people do at the desk besides deciding: skip, escalate, undo; and what they see of it."""

import re

import pytest
from sqlalchemy import select

from moderation.model.comments import Status
from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.runtime import Runtime
from moderation.services.desk import card_of
from moderation.services.moderating import decide_comment
from moderation.storage import audit
from tests.factories import Agora, flagged_comment
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_deciding import order


@pytest.fixture
def two(runtime: Runtime, agora: Agora, alice: Browser) -> tuple[CommentId, CommentId]:
    first, second = (flagged_comment(runtime, agora.site_id, name) for name in ("c1", "c2"))
    alice.get("/queue")
    return first, second


@pytest.fixture
def first(two: tuple[CommentId, CommentId]) -> CommentId:
    return two[0]


def do(browser: Browser, comment_id: CommentId, what: str, **form: object) -> str:
    """Do something to a comment; return the page that follows."""
    sent = {"seen": 1, "back": "/queue"} | form
    return browser.get(browser.post(f"/comments/{comment_id}/{what}", **sent).location).text


def undo(browser: Browser, **form: object) -> str:
    return browser.get(browser.post("/undo", back="/queue", **form).location).text


def test_a_skipped_comment_is_behind_the_others_for_this_person_alone(
    first: CommentId, alice: Browser, olga: Browser
) -> None:
    page = do(alice, first, "skip")
    assert "Skipped for half an hour: comment by" in page
    assert page.index("You skipped these") < page.index(f'id="c-{first}"')
    assert order(olga.get("/queue").text)[0] == str(first)
    assert "Undone, no longer skipped" in undo(alice)
    assert order(alice.get("/queue").text)[0] == str(first)


def test_an_escalated_comment_waits_for_operators(
    runtime: Runtime, agora: Agora, first: CommentId, alice: Browser, olga: Browser
) -> None:
    page = do(alice, first, "escalate", note="<b>legal?</b>")
    assert str(first) not in order(page)
    assert 'data-number="escalated"' not in page
    assert '<span class="number" data-number="escalated">1</span>' in olga.get("/queue").text
    for browser, path, may in (
        (alice, f"/comments/{first}", False),
        (olga, "/queue?escalated=1", True),
    ):
        shown = browser.get(path).text
        assert 'by <bdi dir="auto">Alice</bdi>' in shown
        assert "&lt;b&gt;legal?" in shown
        assert (f"/comments/{first}/decide" in shown) is may
        assert ("An operator decides on it." in shown) is not may
    assert order(shown) == [str(first)]
    counted = olga.get("/queue/count?escalated=1").json
    assert counted is not None
    assert (counted["waiting"], counted["numbers"]["escalated"]) == (1, "1")
    for path in ("/queue", "/queue/count", "/next"):
        alice.get(f"{path}?escalated=1", 403)
    do(olga, first, "decide", action="approve")
    assert card_of(runtime, agora.olga, first).comment.status is Status.APPROVED


def test_undo_is_offered_to_whom_it_works_for(
    runtime: Runtime, agora: Agora, first: CommentId, alice: Browser, olga: Browser
) -> None:
    do(alice, first, "escalate")
    made = decide_comment(runtime, agora.olga, first, Action.APPROVE, seen=1)
    undo = f"/decisions/{made.id}/undo"
    assert undo not in alice.get(f"/comments/{first}").text
    assert undo in olga.get(f"/comments/{first}").text
    alice.post(undo, 409)
    olga.post(undo)


def test_a_moderator_cannot_decide_what_a_colleague_has_just_escalated(
    runtime: Runtime, agora: Agora, first: CommentId, alice: Browser, olga: Browser
) -> None:
    olga.get("/queue")
    do(olga, first, "escalate")
    said = alice.post(f"/comments/{first}/decide", 409, action="approve", seen=1).text
    assert "an operator decides on it" in said
    assert card_of(runtime, agora.olga, first).comment.status is Status.FLAGGED


def test_an_operator_sends_a_comment_back(
    runtime: Runtime, agora: Agora, first: CommentId, alice: Browser, olga: Browser
) -> None:
    do(alice, first, "escalate", note="legal?")
    alice.post(f"/comments/{first}/send-back", 403, seen=1)
    olga.get("/queue")
    assert "Sent back to the queue: comment by" in do(olga, first, "send-back")
    back = alice.get("/queue").text
    assert str(first) in order(back)
    assert "had escalated it" in back
    assert "Undone, escalated again" in undo(olga)
    assert card_of(runtime, agora.olga, first).waiting is not None
    assert str(first) not in order(alice.get("/queue").text)


def test_who_set_what_aside_is_audited(
    runtime: Runtime, agora: Agora, first: CommentId, alice: Browser, olga: Browser
) -> None:
    do(alice, first, "skip")
    undo(alice)
    do(alice, first, "escalate", note="canary")
    olga.get("/queue")
    do(olga, first, "send-back")
    with runtime.reading() as connection:
        rows = connection.execute(select(audit.audit).order_by(audit.audit.c.id)).all()
    of_it = [row.action for row in rows if row.data.get("comment") == str(first)]
    assert of_it == ["skip", "undo", "escalate", "send-back"]
    assert {row.site_id for row in rows if row.data.get("comment")} == {agora.site_id}
    assert "canary" not in str(rows)


def test_two_undos_undo_the_last_two_and_a_third_has_nothing_to_do(
    runtime: Runtime, agora: Agora, two: tuple[CommentId, CommentId], alice: Browser
) -> None:
    first, second = two
    do(alice, first, "decide", action="reject", reason="spam")
    do(alice, second, "escalate")
    assert "Undone, no longer escalated" in undo(alice)
    assert "Undone, flagged again" in undo(alice)
    assert order(alice.get("/queue").text) == [str(first), str(second)]
    assert "There is nothing of yours to undo." in undo(alice)
    assert card_of(runtime, agora.alice, first).comment.status is Status.FLAGGED


def test_undoing_leads_back_to_the_page_where_it_was_asked_for(
    first: CommentId, alice: Browser
) -> None:
    do(alice, first, "decide", action="approve")
    page = alice.get("/comments?text=idiot").text
    [back] = re.findall(r'name="back" value="([^"]+)"', page)
    undone = alice.post("/undo", back=back).location
    assert undone.startswith("/comments?text=idiot&done=")
    assert "Undone, flagged again" in alice.get(undone).text


def test_what_cannot_be_undone_is_said_once_and_then_passed_over(
    runtime: Runtime, agora: Agora, two: tuple[CommentId, CommentId], alice: Browser
) -> None:
    first, second = two
    do(alice, first, "skip")
    do(alice, second, "decide", action="approve")
    decide_comment(runtime, agora.olga, second, Action.REJECT, seen=2)
    assert "Nothing was changed" in alice.post("/undo", 409).text
    assert "Undone, no longer skipped" in undo(alice)


def test_one_act_is_undone_once_only(first: CommentId, alice: Browser) -> None:
    page = do(alice, first, "skip")
    [act] = re.findall(r'name="act" value="([^"]+)"', page)
    assert "no longer skipped" in undo(alice, act=act)
    alice.post("/undo", 409, act=act)


def test_anothers_act_is_not_there(first: CommentId, alice: Browser, mallory: Browser) -> None:
    act = alice.post(f"/comments/{first}/skip", seen=1).location.partition("done=")[2]
    mallory.get("/queue")
    mallory.post("/undo", 404, act=act)
    assert "Skipped" not in mallory.get(f"/queue?done={act}").text
    for what in ("skip", "escalate"):
        mallory.post(f"/comments/{first}/{what}", 404, seen=1)


@pytest.mark.parametrize("what", ["skip", "escalate"])
def test_what_was_decided_meanwhile_is_not_set_aside(
    runtime: Runtime, agora: Agora, first: CommentId, alice: Browser, what: str
) -> None:
    decide_comment(runtime, agora.olga, first, Action.APPROVE, seen=1)
    assert "Nothing was changed" in alice.post(f"/comments/{first}/{what}", 409, seen=1).text


def test_the_script_gets_only_what_changed(
    first: CommentId, alice: Browser, runtime: Runtime, agora: Agora
) -> None:
    address, form = f"/comments/{first}/decide", {"action": "approve", "part": "yes"}
    part = alice.post(address, 200, seen=1, back="/queue", **form).text
    assert "<html" not in part
    assert "Approved: comment by" in part
    assert "1 comment waits" in part
    assert order(part) == []
    refused = alice.post(address, 409, seen=1, back="/queue", **form).text
    assert "Nothing was changed" in refused
    assert order(refused) == [str(first)]
    assert card_of(runtime, agora.alice, first).comment.status is Status.APPROVED


def test_one_comment_at_a_time_is_remembered_and_needs_no_script(
    two: tuple[CommentId, CommentId], alice: Browser
) -> None:
    assert '<div class="cards one"' in alice.get("/queue?one=yes").text
    page = alice.get("/queue").text
    assert '<div class="cards one"' in page
    [behind] = re.findall(r'data-walk="1" data-key="j" href="([^"]+)"', page)
    assert order(alice.get(behind.replace("&amp;", "&")).text) == [str(two[1])]
    assert '<div class="cards"' in alice.get("/queue?one=no").text
    assert '<div class="cards"' in alice.get("/queue").text
