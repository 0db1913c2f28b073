"""The queue, one comment, and what people decide there."""

import re
from datetime import UTC, datetime, timedelta
from operator import le

import pytest
from flask import Flask

from api.dashboard.places import read_place, write_place
from moderation.model.classification import Facts, Outcome
from moderation.model.comments import Author, Status, Thread
from moderation.model.decisions import Action
from moderation.model.desk import Order, Place
from moderation.model.ids import CommentId, ReviewId, SiteId, new_uuid
from moderation.model.jobs import Lane
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services import desk
from moderation.services.claiming import claim_batch
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment
from moderation.services.queue import QUEUE_PAGE
from moderation.services.recording import record
from moderation.storage import leases
from tests.factories import CIVIL, HOSTILE, Agora, classify_all, flagged_comment, submit
from tests.integration.dashboard.conftest import Browser
from tests.statements import heard


def flagged(runtime: Runtime, site_id: SiteId, insult: float, **fields: object) -> CommentId:
    external_id = str(new_uuid())
    submitted = submit(runtime, site_id, external_id, **fields)
    classify_all(runtime, CIVIL | {Label.INSULT: insult})
    return submitted.comment_id


def order(page: str) -> list[str]:
    return re.findall(r'<article class="card[^"]*" id="c-([^"]+)"', page)


def status_of(runtime: Runtime, agora: Agora, comment_id: CommentId) -> Status:
    return desk.comment_file(runtime, agora.alice, comment_id).card.comment.status


def test_the_riskiest_comes_first_and_ties_come_oldest_first(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    scores = [0.85, 0.99, 0.9, 0.85]
    made = [flagged(runtime, agora.site_id, score) for score in scores]
    submit(runtime, agora.site_id, "failed")
    fail_all(runtime)
    shown = order(alice.get("/queue").text)
    assert shown[1:] == [str(made[n]) for n in (1, 2, 0, 3)]
    assert "could not be scored: the model is gone" in alice.get("/queue").text


def fail_all(runtime: Runtime) -> None:
    with runtime.reading() as connection:
        before = runtime.database_now(connection) + timedelta(hours=1)
        waiting = leases.oldest_fresh(connection, Lane.BULK, before, 10)
    claim = claim_batch(runtime, Lane.BULK, waiting, 10, timedelta(seconds=30))
    facts = Facts(classifier="compact@test", failure="the model is gone")
    record(runtime, [Outcome(job, facts) for job in claim.jobs])


def test_a_card_says_who_where_and_why(runtime: Runtime, agora: Agora, alice: Browser) -> None:
    flagged(
        runtime,
        agora.site_id,
        0.93,
        text="You clueless clown.",
        author=Author(id="u-7", name="Tom W.", role="subscriber"),
        thread=Thread(title="Tram line 9", section="Local"),
        language="en",
    )
    page = alice.get("/queue").text
    for said in ("You clueless clown.", "Tom W.", "u-7", "subscriber", "Tram line 9", "Local"):
        assert said in page
    assert "insult 0.93, flags from 0.80" in page
    assert '<p class="by">policy 1</p>' in page
    assert "1 comment waits" in page


def test_an_approved_comment_leaves_the_queue_and_can_be_undone(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    alice.get("/queue")
    decided = alice.post(f"/comments/{comment_id}/decide", action="approve", seen=1, back="/queue")
    assert decided.location.startswith("/queue?done=")
    page = alice.get(decided.location).text
    assert order(page) == []
    assert "Approved: comment by" in page
    assert "Nothing waits for you" in page
    assert status_of(runtime, agora, comment_id) is Status.APPROVED
    [act] = re.findall(r'name="act" value="([^"]+)"', page)
    undone = alice.post("/undo", act=act, back="/queue").location
    page = alice.get(undone).text
    assert order(page) == [str(comment_id)]
    assert "Undone, flagged again: comment by" in page
    assert status_of(runtime, agora, comment_id) is Status.FLAGGED


def test_a_rejection_keeps_its_reason_and_note(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    alice.get("/queue")
    form = {"reason": "off-topic", "note": " <b>twice</b> today\0 "}
    alice.post(f"/comments/{comment_id}/decide", action="reject", seen=1, **form)
    card = desk.comment_file(runtime, agora.alice, comment_id).card
    assert card.last is not None
    assert card.last.note == "Off topic: <b>twice</b> today"
    assert "Off topic: &lt;b&gt;twice" in alice.get(f"/comments/{comment_id}").text


def test_the_likely_reason_is_chosen_already(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    submit(runtime, agora.site_id)
    classify_all(runtime, HOSTILE | {Label.IDENTITY_ATTACK: 0.97})
    chosen = re.findall(
        r'<button class="reject" [^>]*name="reason" value="(\w+)"', alice.get("/queue").text
    )
    assert chosen == ["hate"]


def test_a_stale_decision_changes_nothing_and_shows_what_happened(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    alice.get("/queue")
    decide_comment(runtime, agora.olga, comment_id, Action.APPROVE, seen=1)
    page = alice.post(f"/comments/{comment_id}/decide", 409, action="reject", seen=1).text
    assert "Nothing was changed" in page
    assert 'by <bdi dir="auto">Olga</bdi>' in page
    assert 'name="seen" value="2"' in page
    assert status_of(runtime, agora, comment_id) is Status.APPROVED


def test_an_undo_that_comes_too_late_shows_what_happened(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    alice.get("/queue")
    approved = decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    decide_comment(runtime, agora.olga, comment_id, Action.REJECT, seen=2)
    page = alice.post(f"/decisions/{approved.id}/undo", 409).text
    assert "Nothing was changed" in page
    assert status_of(runtime, agora, comment_id) is Status.REJECTED


def test_a_form_that_is_not_ours_is_refused_with_advice(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    alice.get("/queue")
    address = f"/comments/{comment_id}/decide"
    for form in (
        {"action": "explode", "seen": 1},
        {"action": "approve"},
        {"action": "approve", "seen": "-1"},
        {"action": "approve", "seen": "\u0661"},
        {"action": "reject", "seen": 1, "reason": "Because"},
        {"action": "approve", "seen": 2**31},
        {"action": "reject", "seen": 1, "note": "x" * 501},
    ):
        alice.post(address, 422, **form)
    assert status_of(runtime, agora, comment_id) is Status.FLAGGED


def test_deciding_leads_back_to_our_own_pages_only(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    for sequence, back in enumerate(
        (
            "https://evil.example/queue",
            "//evil.example",
            "////queue",
            "//queue",
            "javascript:alert(1)",
            "/v1/docs",
            "",
        )
    ):
        comment_id = flagged_comment(runtime, agora.site_id, f"c{sequence}")
        alice.get("/queue")
        decided = alice.post(f"/comments/{comment_id}/decide", action="approve", seen=1, back=back)
        assert decided.location.startswith("/queue?done=")


def test_a_comment_of_any_status_can_be_decided_again(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = submit(runtime, agora.site_id).comment_id
    page = f"/comments/{comment_id}"
    assert "waits for the classifier" in alice.get(page).text
    for seen, action in enumerate(("approve", "reject", "flag", "approve")):
        decided = alice.post(f"{page}/decide", action=action, seen=seen, back=page)
        assert decided.location.startswith(page)
        alice.get(decided.location)
    assert status_of(runtime, agora, comment_id) is Status.APPROVED


def test_an_edited_comment_shows_its_older_text_and_decisions(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    submit(runtime, agora.site_id, "c1", text="Good evening.")
    classify_all(runtime)
    page = alice.get(f"/comments/{comment_id}").text
    for said in ("You are an idiot.", "Good evening.", "revision 2", "Approved", "Flagged"):
        assert said in page
    assert "compact@test" in page


def test_an_erased_comment_is_named_but_cannot_be_decided(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    alice.get("/queue")
    erase(runtime, agora.site_id, comment_id)
    assert order(alice.get("/queue").text) == []
    page = alice.get(f"/comments/{comment_id}").text
    assert "withdrew this comment" in page
    assert "/decide" not in page
    assert "Erased" in alice.get("/comments").text
    assert (
        "withdrew"
        in alice.post(f"/comments/{comment_id}/decide", 410, action="approve", seen=1).text
    )


def test_the_queue_is_walked_to_its_end_without_gap_or_repeat(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    for n in range(2 * QUEUE_PAGE + 3):
        submit(runtime, agora.site_id, f"c{n}")
    classify_all(runtime, HOSTILE)
    seen, path = [], "/queue"
    while path:
        page = alice.get(path).text
        seen += order(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        path = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 2 * QUEUE_PAGE + 3


def test_a_place_in_the_queue_survives_its_address() -> None:
    review_id = ReviewId(new_uuid())
    moment = datetime(2026, 11, 2, 9, 0, 0, 123457, tzinfo=UTC)
    for at, order in ((0.1 + 0.2, Order.NEAREST), (moment, Order.PRESSING)):
        place = Place(at, review_id)
        assert read_place(write_place(place), order) == place
    for at in ("", "x", "nan", "inf", "2026-11-02", "0001-01-01T00:00+09:00"):
        for order in Order:
            assert read_place(f"{at}~{review_id}", order) is None
    for broken in ("", "~", "0.5", f"0.5~{'x' * 32}"):
        assert read_place(broken, Order.NEAREST) is None


def test_the_count_is_not_sent_again_while_it_stays(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    flagged_comment(runtime, agora.site_id, "c1")
    first = alice.get("/queue/count")
    assert first.json is not None
    assert (first.json["waiting"], first.json["backlog"]) == (1, "")
    again = alice.get("/queue/count", 304, **{"If-None-Match": first.headers["ETag"]})
    assert again.data == b""
    flagged_comment(runtime, agora.site_id, "c2")
    fresh = alice.get("/queue/count", **{"If-None-Match": first.headers["ETag"]})
    assert fresh.json is not None
    assert fresh.json["waiting"] == 2


@pytest.mark.usefixtures("backlog_is_known")
def test_the_pages_take_no_more_statements_for_more_comments(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    def statements(path: str) -> int:
        with heard(runtime) as said:
            alice.get(path)
        return len(said)

    paths = ("/queue", "/comments", "/next", "/shift")
    flagged_comment(runtime, agora.site_id)
    submit(runtime, agora.site_id, "reply", parent_external_id="c1")
    classify_all(runtime, HOSTILE)
    few = [statements(path) for path in paths]
    for n in range(20):
        submit(runtime, agora.site_id, f"m{n}", parent_external_id=f"m{n - 1}")
    classify_all(runtime, HOSTILE)
    many = [statements(path) for path in paths]
    assert few == many
    assert all(map(le, few, (23, 7, 24, 19))), few


def test_with_no_comment_at_all_the_pages_are_friendly(app: Flask, alice: Browser) -> None:
    del app
    assert "Nothing waits for you" in alice.get("/queue").text
    assert "No comment matches" in alice.get("/comments").text
