"""The reasons of a site: what operators make of them, and what a decision keeps."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from moderation.model.site_reasons import DEFAULTS, digest_reasons
from moderation.runtime import Runtime
from moderation.services.announcements import decision_payload
from moderation.services.desk import card_of
from moderation.services.erasure import erase
from moderation.services.reading import get_comment
from moderation.services.site_reasons import change_reason, reasons_of
from tests.factories import Agora, flagged_comment
from tests.integration.dashboard.conftest import Browser

TEMPLATE = "Please do not insult others.\nYour comment was removed."


def form(**changed: object) -> dict[str, object]:
    """Return what the page sends."""
    fields: dict[str, object] = {"seen": digest_reasons(DEFAULTS)}
    for one in DEFAULTS:
        fields |= {
            f"code_{one.number}": one.code,
            f"title_{one.number}": one.title,
            f"guideline_{one.number}": one.guideline,
            f"message_{one.number}": one.message,
            f"labels_{one.number}": list(one.labels),
        }
    return fields | changed


def test_operators_choose_their_own_reasons(
    runtime: Runtime, agora: Agora, olga: Browser, alice: Browser
) -> None:
    flagged_comment(runtime, agora.site_id)
    page = olga.get("/reasons").text
    assert "Insult or personal attack" in page
    sent = form(title_1="<i>Beleidigung</i>", message_1=TEMPLATE, title_9="")
    olga.post("/reasons", **sent)
    saved = reasons_of(runtime, agora.site_id)
    assert [one.code for one in saved] == [one.code for one in DEFAULTS[:8]]
    assert saved[0].message == TEMPLATE
    shown = alice.get("/queue").text
    assert "&lt;i&gt;Beleidigung" in shown
    assert "Other" not in shown
    assert TEMPLATE in shown
    assert reasons_of(runtime, agora.other_site_id) == DEFAULTS


def test_what_is_wrong_is_said_where_it_is_and_nothing_is_lost(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/reasons")
    page = olga.post("/reasons", 422, **form(code_2="insult", title_5="Reklame")).text
    assert "Code: another reason has it." in page
    assert 'value="Reklame"' in page
    assert reasons_of(runtime, agora.site_id) == DEFAULTS


def test_of_two_who_change_them_the_second_is_told_and_loses_nothing(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/reasons")
    olga.post("/reasons", **form(title_1="Beleidigung"))
    page = olga.post("/reasons", 409, **form(title_5="Reklame")).text
    assert "Somebody changed the reasons" in page
    assert 'value="Reklame"' in page
    saved = reasons_of(runtime, agora.site_id)
    assert (saved[0].title, saved[4].title) == ("Beleidigung", DEFAULTS[4].title)
    assert f'name="seen" value="{digest_reasons(saved)}"' in page
    olga.post("/reasons", **form(title_5="Reklame", seen=digest_reasons(saved)))
    assert reasons_of(runtime, agora.site_id)[4].title == "Reklame"


def test_what_two_change_by_command_at_once_is_kept_of_both(runtime: Runtime, agora: Agora) -> None:
    def change(number: int, title: str) -> None:
        together.wait()
        change_reason(runtime, "agora", number, {"title": title})

    together = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        for turn in ("first", "second", "third", "fourth"):
            list(pool.map(change, (1, 2), (turn, turn)))
            titles = [one.title for one in reasons_of(runtime, agora.site_id)[:2]]
            assert titles == [turn, turn]


def test_reasons_are_for_operators(alice: Browser) -> None:
    alice.get("/reasons", 403)
    alice.post("/reasons", 403, **form())


@pytest.mark.parametrize("number", [1, 9])
def test_every_digit_carries_its_reason_with_its_guideline(
    runtime: Runtime, agora: Agora, alice: Browser, number: int
) -> None:
    flagged_comment(runtime, agora.site_id)
    page, reason = alice.get("/queue").text, DEFAULTS[number - 1]
    assert f'name="reason" value="{reason.code}" data-key="{number}' in page
    assert reason.guideline in page


def test_a_decision_keeps_code_and_title_as_they_were(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    alice.get("/queue")
    alice.post(f"/comments/{comment_id}/decide", action="reject", reason="spam", seen=1)
    olga.get("/reasons")
    olga.post("/reasons", **form(title_5="Reklame"))
    decision = get_comment(runtime, agora.site_id, comment_id).decision
    assert decision is not None
    [reason] = decision.reasons
    assert (reason.code, reason.title) == ("spam", "Spam or advertising")
    assert reason.detail == decision.note == "Spam or advertising"
    told = decision_payload(decision)["reasons"]
    said = {"code": "spam", "title": "Spam or advertising", "detail": "Spam or advertising"}
    assert told == [{"kind": "moderator", **said}]


def test_the_message_to_the_author_is_told_and_erased_with_the_comment(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    alice.get("/queue")
    said = {"reason": "off-topic", "message": "Please keep to the article.", "note": "canary"}
    alice.post(f"/comments/{comment_id}/decide", action="reject", seen=1, **said)
    assert "Please keep to the article." in alice.get(f"/comments/{comment_id}").text
    view = get_comment(runtime, agora.site_id, comment_id)
    assert view.decision is not None
    assert decision_payload(view.decision)["message_to_author"] == "Please keep to the article."
    erase(runtime, agora.site_id, comment_id)
    last = card_of(runtime, agora.alice, comment_id).decisions[-1]
    assert (last.message_to_author, last.note) == (None, None)
    [reason] = last.reasons
    assert (reason.detail, reason.code, reason.title) == (None, "off-topic", "Off topic")


def test_a_message_left_as_it_was_gives_way_to_that_of_the_chosen_reason(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    olga.get("/reasons")
    olga.post("/reasons", **form(message_1=TEMPLATE, message_6="Keep to the article."))
    comment_id = flagged_comment(runtime, agora.site_id)
    alice.get("/queue")
    # As browsers send several lines.
    said = {"message": TEMPLATE.replace("\n", "\r\n"), "filled_in_for": "insult"}
    alice.post(
        f"/comments/{comment_id}/decide", action="reject", reason="off-topic", seen=1, **said
    )
    decision = get_comment(runtime, agora.site_id, comment_id).decision
    assert decision is not None
    assert decision.message_to_author == "Keep to the article."
