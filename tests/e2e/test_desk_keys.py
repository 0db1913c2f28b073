"""The desk by the keyboard alone: reasons, skipping, escalating, undoing, and quick typing."""

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from moderation.model.decisions import Action
from moderation.services.desk import card_of
from moderation.services.moderating import decide_comment
from moderation.services.people import find_user
from moderation.services.queue import QUEUE_PAGE, queue_page
from tests.e2e.conftest import Copydesk
from tests.e2e.test_desk import card, empty_queue, flag, quiet_page, sign_in

__all__ = ["empty_queue", "quiet_page"]
pytestmark = pytest.mark.browser

SLOW_SECONDS = 0.3


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def in_focus(page: Page, mark: str) -> None:
    expect(card(page, mark)).to_be_focused()


def order(page: Page, marks: list[str]) -> list[str]:
    """Return these marks as the queue shows them."""
    texts = page.locator("article.card .text").all_inner_texts()
    found = [re.search(r"mark \w{8}", text) for text in texts]
    return [one[0] for one in found if one and one[0] in marks]


def status(copydesk: Copydesk, page_id: str) -> str:
    return str(copydesk.installation.get(f"/v1/comments/{page_id}").body["status"])


def ids(page: Page, marks: list[str]) -> list[str]:
    found = [card(page, mark).get_attribute("id") for mark in marks]
    return [(one or "").removeprefix("c-") for one in found]


def test_a_digit_rejects_for_its_reason(copydesk: Copydesk, quiet_page: Page) -> None:
    page = quiet_page
    marks = flag(copydesk, "one", "two", "three")
    sign_in(page, copydesk)
    first, second, third = order(page, marks)
    press(page, "j", "r")
    expect(card(page, first).get_by_text("Demeans a person")).to_be_visible()
    press(page, "Escape")
    expect(card(page, first).get_by_text("Demeans a person")).to_be_hidden()
    in_focus(page, first)
    # A digit means something only while the reasons are shown.
    press(page, "6")
    expect(card(page, first)).to_be_visible()
    press(page, "r", "6")
    expect(page.locator(".banner")).to_contain_text("Rejected for “Off topic”")
    in_focus(page, second)
    press(page, "r", "r")
    expect(page.locator(".banner")).to_contain_text("Rejected for “Insult or personal attack”")
    in_focus(page, third)
    expect(page.get_by_role("status")).to_contain_text("Rejected for “Insult")


def test_what_is_skipped_and_escalated_comes_back_to_its_place(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    marks = flag(copydesk, "one", "two", "three")
    sign_in(page, copydesk)
    first, second, third = order(page, marks)
    press(page, "j", "s")
    expect(card(page, first)).to_have_count(0)
    in_focus(page, second)
    press(page, "e")
    page.keyboard.type("is this a threat?")
    press(page, "Enter")
    expect(page.locator(".banner")).to_contain_text("Escalated to operators")
    in_focus(page, third)
    press(page, "u", "u")
    in_focus(page, first)
    assert order(page, marks) == [first, second, third]
    press(page, "s")
    expect(page.locator(".banner")).to_contain_text("Skipped")
    page.reload()
    assert order(page, marks) == [second, third, first]


def test_what_was_skipped_keeps_its_heading_where_it_is_loaded_later(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    marks = flag(copydesk, *(f"number {number}" for number in range(QUEUE_PAGE + 2)))
    sign_in(page, copydesk)
    skipped = order(page, marks)[0]
    press(page, "j", "s")
    expect(page.locator(".banner")).to_contain_text("Skipped")
    page.reload()
    expect(page.get_by_text("You skipped these")).to_have_count(0)
    press(page, *["j"] * QUEUE_PAGE)
    expect(page.get_by_text("You skipped these")).to_be_visible()
    expect(page.locator("h2.behind + article")).to_contain_text(skipped)


def test_an_escalated_comment_is_decided_in_a_queue_of_its_own(
    copydesk: Copydesk, page: Page
) -> None:
    [one] = flag(copydesk)
    sign_in(page, copydesk)
    press(page, "j", "e", "Enter")
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    page.get_by_role("link", name="Escalated 1").click()
    expect(card(page, one).locator(".escalation")).to_contain_text("Escalated by Olga")
    press(page, "j", "a")
    expect(page.get_by_text("Nothing waits for operators")).to_be_visible()


def test_undo_reaches_back_from_another_page(copydesk: Copydesk, quiet_page: Page) -> None:
    page = quiet_page
    [one] = flag(copydesk)
    sign_in(page, copydesk)
    press(page, "j", "a")
    expect(page.locator(".banner")).to_contain_text("Approved")
    press(page, "/")
    expect(page.get_by_label("Text")).to_be_focused()
    press(page, "u")
    expect(page.get_by_label("Text")).to_have_value("u")
    page.get_by_role("heading", name="Comments").click()
    press(page, "u")
    expect(page.locator(".banner")).to_contain_text("Undone, flagged again")
    expect(page).to_have_url(re.compile("/comments"))
    page.get_by_role("link", name="Queue", exact=True).click()
    expect(card(page, one)).to_be_visible()


def test_quick_keys_decide_each_what_had_the_focus_and_in_order(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    marks = flag(copydesk, "one", "two", "three", "four")
    sign_in(page, copydesk)
    shown = order(page, marks)
    wanted, sent = ids(page, shown), []

    def late(route: Route) -> None:
        sent.append(route.request.url)
        time.sleep(SLOW_SECONDS)
        route.continue_()

    page.route("**/decide", late)
    press(page, "j", "a", "r", "5", "a")
    in_focus(page, shown[3])
    expect(page.locator(".count")).to_have_text("1 comment waits")
    assert [status(copydesk, one) for one in wanted] == [
        "approved",
        "rejected",
        "approved",
        "flagged",
    ]
    assert [url.split("/")[-2] for url in sent] == wanted[:3]
    in_focus(page, shown[3])


def test_a_quick_undo_takes_back_what_it_was_pressed_for(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    marks = flag(copydesk, "one", "two", "three")
    sign_in(page, copydesk)
    shown = order(page, marks)
    wanted = ids(page, shown)
    page.route("**/decide", lambda route: (time.sleep(SLOW_SECONDS), route.continue_()))
    # The first is under way when it is undone, the second not yet sent.
    press(page, "j", "a", "a", "u", "u")
    in_focus(page, shown[0])
    assert order(page, marks) == shown
    expect(page.locator(".banner")).to_contain_text("Undone, flagged again")
    assert [status(copydesk, one) for one in wanted] == ["flagged"] * 3


def test_a_card_comes_back_where_somebody_was_faster(copydesk: Copydesk, page: Page) -> None:
    marks = flag(copydesk, "one", "two", "three")
    sign_in(page, copydesk)
    shown = order(page, marks)
    runtime = copydesk.installation.runtime
    olga = find_user(runtime, copydesk.email)
    comment = queue_page(runtime, olga, list(olga.site_ids)).cards[0].comment
    decide_comment(runtime, olga, comment.id, Action.REJECT, seen=comment.sequence)
    press(page, "j", "a", "a")
    expect(card(page, shown[0]).locator(".banner")).to_contain_text("Nothing was changed")
    in_focus(page, shown[2])
    assert order(page, marks) == [shown[0], shown[2]]
    # Undoing is for what was done: the second, not what was refused.
    press(page, "u")
    in_focus(page, shown[1])
    assert card_of(runtime, olga, comment.id).comment.status == "rejected"


def test_one_comment_at_a_time_goes_on_by_the_same_keys(copydesk: Copydesk, page: Page) -> None:
    marks = flag(copydesk, "one", "two", "three")
    sign_in(page, copydesk)
    shown = order(page, marks)
    visible = page.locator("article.card:visible")
    press(page, "z")
    expect(visible).to_have_count(1)
    page.reload()
    expect(visible).to_have_count(1)
    press(page, "j", "j")
    in_focus(page, shown[1])
    expect(visible).to_have_count(1)
    press(page, "a")
    in_focus(page, shown[2])
    expect(visible).to_have_count(1)
    press(page, "z")
    expect(visible).to_have_count(2)


def test_every_key_in_the_list_is_on_the_page_or_a_thing_of_another_page(
    copydesk: Copydesk, page: Page
) -> None:
    flag(copydesk)
    sign_in(page, copydesk)
    press(page, "?")
    listed = page.locator("#keys kbd").all_inner_texts()
    carried = page.evaluate(
        "[...document.querySelectorAll('[data-key]')].flatMap(e => e.dataset.key.split(' '))"
    )
    assert set(listed) - set(carried) <= {"Esc"}
    assert set(carried) - set(listed) <= set("123456789")


def test_the_next_cards_are_there_before_the_last_are_decided(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    flag(copydesk, *(f"number {n}" for n in range(30)))
    sign_in(page, copydesk)
    cards = page.get_by_role("article")
    expect(cards).to_have_count(25)
    for _ in range(14):
        press(page, "j")
    expect(cards).to_have_count(30)
    expect(page.locator(".pager")).to_have_count(0)
