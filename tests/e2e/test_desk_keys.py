"""The desk by the keyboard alone: reasons, skipping, escalating, undoing, and quick typing."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from moderation.model.decisions import Action
from moderation.model.preferences import Preferences
from moderation.model.reviews import Cause
from moderation.services.desk import card_of
from moderation.services.moderating import decide_comment
from moderation.services.people import find_user
from moderation.services.preferences import choose
from moderation.services.queue import QUEUE_PAGE, queue_page
from tests.e2e.conftest import Copydesk
from tests.e2e.desk import card, colleague, flag, ids, order, press, sign_in, statuses
from tests.installation import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_queue")]


def in_focus(page: Page, mark: str) -> None:
    expect(card(page, mark)).to_be_focused()


def hold_decisions(page: Page) -> list[Route]:
    """Let the decisions of a page get no further than into the list that is returned."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/decide", hold)
    return held


def wait_for(page: Page, held: list[Route], count: int) -> None:
    """Wait until so many requests are held; Playwright hears of them while it is asked."""
    wait_until(lambda: page.evaluate("true") and len(held) == count)


def decided(held: list[Route]) -> list[str]:
    """Return on which comments the held requests decide."""
    return [route.request.url.split("/")[-2] for route in held]


def test_a_digit_rejects_for_its_reason(copydesk: Copydesk, quiet_page: Page) -> None:
    page = quiet_page
    marks = flag(copydesk, "one", "two", "three")
    sign_in(page, copydesk.base_url)
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
    sign_in(page, copydesk.base_url)
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
    sign_in(page, copydesk.base_url)
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
    sign_in(page, copydesk.base_url)
    press(page, "j", "e", "Enter")
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    page.get_by_role("link", name="Escalated 1").click()
    expect(card(page, one).locator(".escalation")).to_contain_text("Escalated by Olga")
    press(page, "j", "a")
    expect(page.get_by_text("Nothing waits for operators")).to_be_visible()


def test_undo_reaches_back_from_another_page(copydesk: Copydesk, quiet_page: Page) -> None:
    page = quiet_page
    [one] = flag(copydesk)
    sign_in(page, copydesk.base_url)
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
    sign_in(page, copydesk.base_url)
    shown = order(page, marks)
    wanted = ids(page, shown)
    held = hold_decisions(page)
    press(page, "j", "a", "r", "5", "a")
    in_focus(page, shown[3])
    for count in (1, 2, 3):
        wait_for(page, held, count)
        assert decided(held) == wanted[:count]
        done = ["approved", "rejected"][: count - 1]
        assert statuses(copydesk, wanted) == done + ["flagged"] * (4 - len(done))
        assert order(page, marks) == shown[3:]
        held[-1].continue_()
    expect(page.locator(".count")).to_have_text("1 comment waits")
    assert statuses(copydesk, wanted) == ["approved", "rejected", "approved", "flagged"]
    assert len(held) == 3
    in_focus(page, shown[3])


def test_a_quick_undo_takes_back_what_it_was_pressed_for(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    marks = flag(copydesk, "one", "two", "three")
    sign_in(page, copydesk.base_url)
    shown = order(page, marks)
    wanted = ids(page, shown)
    held = hold_decisions(page)
    press(page, "j", "a", "a")
    in_focus(page, shown[2])
    wait_for(page, held, 1)
    # The second is not yet sent when it is undone, so it never is.
    press(page, "u")
    in_focus(page, shown[1])
    expect(page.get_by_role("status")).to_have_text("Undone before it was sent.")
    # The first is under way, so undoing it has to wait for the answer.
    press(page, "u")
    in_focus(page, shown[1])
    assert order(page, marks) == shown[1:]
    assert decided(held) == wanted[:1]
    held[0].continue_()
    in_focus(page, shown[0])
    assert order(page, marks) == shown
    expect(page.locator(".banner")).to_contain_text("Undone, flagged again")
    assert statuses(copydesk, wanted) == ["flagged"] * 3
    assert len(held) == 1


def test_a_card_comes_back_where_somebody_was_faster(copydesk: Copydesk, page: Page) -> None:
    marks = flag(copydesk, "one", "two", "three")
    sign_in(page, copydesk.base_url)
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
    sign_in(page, copydesk.base_url)
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
    # One key is there only for whoever hides a text.
    flag(copydesk, "I will find you and I will kill you.")
    hides, runtime = colleague(copydesk, "Hilde"), copydesk.installation.runtime
    choose(runtime, find_user(runtime, hides), Preferences(hide=Cause.THREAT))
    sign_in(page, copydesk.base_url, hides)
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
    sign_in(page, copydesk.base_url)
    cards = page.get_by_role("article")
    expect(cards).to_have_count(25)
    for _ in range(14):
        press(page, "j")
    expect(cards).to_have_count(30)
    expect(page.locator(".pager")).to_have_count(0)
