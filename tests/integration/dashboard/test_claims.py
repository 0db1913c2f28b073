"""What colleagues see of each other: who is on a comment, what was handed over or decided."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.runtime import Runtime
from moderation.services.claims import hold
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment
from moderation.services.people import disable_user
from moderation.storage import audit, reviews
from tests.factories import Agora, classify_all, flagged_comment, submit
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_deciding import order


@pytest.fixture
def comment_id(runtime: Runtime, agora: Agora) -> CommentId:
    return flagged_comment(runtime, agora.site_id)


def test_a_colleague_is_named_on_the_card_and_oneself_is_not(
    alice: Browser, olga: Browser, comment_id: CommentId
) -> None:
    assert "is on it" not in alice.get("/queue").text
    olga.post(f"/comments/{comment_id}/claim", 204)
    assert "Olga is on it" in alice.get("/queue").text
    assert "Olga is on it" in alice.get(f"/comments/{comment_id}").text
    assert "is on it" not in olga.get("/queue").text


def test_deciding_on_what_a_colleague_looks_at_takes_a_second_click(
    alice: Browser, olga: Browser, comment_id: CommentId
) -> None:
    olga.post(f"/comments/{comment_id}/claim", 204)
    alice.get("/queue")
    form = {"action": "reject", "seen": 1, "reason": "off-topic", "note": "<b>no</b>"}
    warned = alice.post(f"/comments/{comment_id}/decide", 409, **form).text
    assert "Olga is looking at this comment" in warned
    assert "Reject anyway" in warned
    assert "Flagged" in warned
    banner = warned.partition("Nothing was changed")[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', banner))
    assert fields["note"] == "&lt;b&gt;no&lt;/b&gt;"
    fields["note"] = "no"
    alice.post(f"/comments/{comment_id}/decide", **fields)
    assert order(alice.get("/queue").text) == []
    stale = olga.post(f"/comments/{comment_id}/decide", 409, action="approve", seen=1).text
    assert 'by <bdi dir="auto">Alice</bdi>' in stale


def test_the_second_click_keeps_the_chosen_site(
    runtime: Runtime, agora: Agora, ines: Browser, olga: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    flagged_comment(runtime, agora.other_site_id)
    olga.post(f"/comments/{comment_id}/claim", 204)
    form = {"action": "approve", "seen": 1, "part": "yes"}
    ines.get("/queue?site=agora")
    warned = ines.post(f"/comments/{comment_id}/decide?site=agora", 409, **form).text
    banner = warned.partition("Nothing was changed")[2]
    again = re.findall(r'action="([^"]+)"', banner)[0]
    told = ines.post(unescape(again), 200, **form, despite=agora.olga.id).text
    assert 'data-waiting="0"' in told


def test_a_script_that_moved_on_is_offered_the_same_once_more(
    alice: Browser, olga: Browser, comment_id: CommentId
) -> None:
    olga.post(f"/comments/{comment_id}/claim", 204)
    for what, form, again in (
        ("decide", {"action": "approve"}, "Approve anyway"),
        ("escalate", {"note": "legal?"}, "Escalate anyway"),
    ):
        sent = {"seen": 1, "back": "/queue", "part": "yes"} | form
        part = alice.post(f"/comments/{comment_id}/{what}", 409, **sent).text
        assert again in part
        assert 'name="part"' not in part
        assert f'id="c-{comment_id}"' in part
    banner = part.partition("Nothing was changed")[2].partition("</form>")[0]
    assert "data-leaves" in banner
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', banner))
    told = alice.post(f"/comments/{comment_id}/escalate", 200, **fields, part="yes").text
    assert "Escalated to operators" in told


def test_knowing_of_one_colleague_is_not_knowing_of_another(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser, comment_id: CommentId
) -> None:
    olga.post(f"/comments/{comment_id}/claim", 204)
    form = {"action": "approve", "seen": 1, "despite": agora.mallory.id}
    alice.post(f"/comments/{comment_id}/decide", 409, **form)
    alice.post(f"/comments/{comment_id}/decide", 422, action="approve", seen=1, despite="x")
    olga.post("/sign-out")
    assert hold(runtime, agora.alice, comment_id, None)


def test_what_is_handed_over_stands_on_top_with_the_giver_and_a_word(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    first, second = (flagged_comment(runtime, agora.site_id, f"c{n}") for n in range(2))
    assert "Hand over" in alice.get("/queue").text
    form = {"to": agora.olga.id, "word": "<i>yours?</i>", "back": "/queue"}
    alice.post(f"/comments/{second}/hand-over", **form)
    assert "Handed to Olga" in alice.get("/queue").text
    page = olga.get("/queue").text
    assert order(page) == [str(second), str(first)]
    assert "<strong>Alice</strong> handed it to you" in page
    assert "&lt;i&gt;yours?" in page
    assert order(olga.get("/queue?mine=1").text) == [str(second)]
    olga.post(f"/comments/{second}/give-back")
    assert order(alice.get("/queue").text) == [str(second), str(first)]
    alice.post(f"/comments/{second}/let-go")
    assert order(alice.get("/queue").text) == [str(first), str(second)]
    with runtime.reading() as connection:
        told = connection.execute(select(audit.audit.c.action, audit.audit.c.data))
        entries = [row.action for row in told if row.data.get("comment") == str(second)]
    assert entries == ["hand-over", "hand-over", "let-go"]


def test_only_somebody_of_the_same_site_can_be_handed_a_comment(
    runtime: Runtime, agora: Agora, alice: Browser, mallory: Browser, comment_id: CommentId
) -> None:
    disable_user(runtime, agora.olga.email)
    for to in (agora.mallory.id, agora.alice.id, agora.olga.id, "", "x"):
        alice.post(f"/comments/{comment_id}/hand-over", 422, to=to)
    for path in ("claim", "hand-over", "give-back", "let-go"):
        mallory.post(f"/comments/{comment_id}/{path}", 404, to=agora.alice.id)
    alice.post(f"/comments/{comment_id}/give-back", 422)


def test_who_works_alone_sees_nothing_of_it(
    runtime: Runtime, agora: Agora, mallory: Browser
) -> None:
    flagged_comment(runtime, agora.other_site_id)
    page = mallory.get("/queue").text
    assert order(page)
    for word in ("Hand over", "is on it", "data-hold", "Mine"):
        assert word not in page


def test_an_erased_comment_leaves_no_word_of_its_author_or_of_those_who_handed_it(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    with runtime.transaction() as connection:
        connection.execute(reviews.reviews.update().values(author="u-7"))
    alice.post(f"/comments/{comment_id}/hand-over", to=agora.olga.id, word="u-7 again")
    erase(runtime, agora.site_id, comment_id)
    c = reviews.reviews.c
    with runtime.reading() as connection:
        assert tuple(connection.execute(select(c.author, c.handed_word)).one()) == (None, None)


def test_a_page_learns_what_became_of_its_comments(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser, mallory: Browser
) -> None:
    held, done, edited, gone = (flagged_comment(runtime, agora.site_id, f"c{n}") for n in range(4))
    olga.post(f"/comments/{held}/claim", 204)
    decide_comment(runtime, agora.olga, done, Action.APPROVE, seen=1)
    submit(runtime, agora.site_id, "c2", text="Another text.")
    erase(runtime, agora.site_id, gone)
    address = f"/comments/watch?of={held}.{done}.{edited}.{gone}.nonsense"
    found = alice.get(address).json
    assert found is not None
    assert {key: one["says"] for key, one in found.items()} == {
        str(held): "Olga is on it",
        str(done): "Approved by Olga",
        str(edited): "The site sent a new text",
        str(gone): "The site withdrew it",
    }
    assert [found[str(one)]["claimed"] for one in (held, done)] == [True, False]
    assert [found[str(one)]["sequence"] > 1 for one in (held, done)] == [False, True]
    assert mallory.get(address).json == {}


def test_next_shows_one_comment_with_the_one_after_it_and_goes_on_past_it(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    ids = [str(flagged_comment(runtime, agora.site_id, f"c{n}")) for n in range(5)]
    assert order(alice.get(alice.post("/next").location).text) == ids[:2]
    assert order(olga.get(olga.post("/next").location).text) == ids[2:4]
    passed = alice.get(alice.post("/next", past=ids[0]).location).text
    assert order(passed) == [ids[1], ids[4]]
    back = re.findall(r'name="back" value="([^"]+)"', passed)[0].replace("&amp;", "&")
    decided = alice.post(f"/comments/{ids[1]}/decide", action="approve", seen=1, back=back)
    page = alice.get(decided.location).text
    assert order(page) == [ids[4]]
    assert "Approved: comment by" in page
    alice.post(f"/comments/{ids[4]}/decide", action="approve", seen=1, back=back)
    assert order(alice.get(back).text) == [ids[0]], "behind the last the front comes again"


def test_when_colleagues_are_on_all_that_is_left_it_says_who(
    app: Flask, alice: Browser, olga: Browser, comment_id: CommentId
) -> None:
    del app
    olga.get("/next")
    page = alice.get("/next").text
    assert "Colleagues are on all that is left" in page
    assert "Olga" in page
    assert "No comment that waits passes this filter" in alice.get("/next?section=Sport").text
    olga.post(f"/comments/{comment_id}/decide", action="approve", seen=1)
    assert "Nothing waits for you" in alice.get("/next").text


def test_a_new_text_of_a_comment_is_claimed_by_nobody(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser, comment_id: CommentId
) -> None:
    olga.post(f"/comments/{comment_id}/claim", 204)
    submit(runtime, agora.site_id, text="You are a fool.")
    classify_all(runtime, {})
    assert order(alice.get("/queue").text) == [str(comment_id)]
    assert "is on it" not in alice.get("/queue").text
