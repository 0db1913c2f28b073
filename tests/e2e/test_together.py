"""Two moderators before two browsers at once."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Copydesk
from tests.e2e.desk import card, colleague, flag, sign_in
from tests.installation import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_queue")]


@pytest.fixture(scope="module")
def bobs_email(copydesk: Copydesk) -> str:
    """Add Bob, a colleague of Olga's."""
    return colleague(copydesk, "Bob")


@pytest.fixture
def bob(copydesk: Copydesk, bobs_email: str, browser: Browser) -> Iterator[Page]:
    """Yield Bob's browser."""
    page = browser.new_context().new_page()
    sign_in(page, copydesk.base_url, bobs_email)
    yield page
    page.context.close()


def look_again(page: Page) -> None:
    """Let the page ask what colleagues do, as it does every ten seconds."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def comes_to_say(page: Page, mark: str, words: str) -> bool:
    look_again(page)
    return words in card(page, mark).inner_text()


def in_order(page: Page, marks: list[str]) -> list[str]:
    """Return what waits as the queue orders it."""
    expect(page.get_by_role("article")).to_have_count(len(marks))
    shown = page.get_by_role("article").all_inner_texts()
    return sorted(marks, key=lambda mark: next(n for n, text in enumerate(shown) if mark in text))


def test_two_people_who_press_n_get_different_comments(
    copydesk: Copydesk, page: Page, bob: Page
) -> None:
    marks = flag(copydesk, "one", "two", "three", "four", "five")
    sign_in(page, copydesk.base_url)
    marks = in_order(page, marks)
    bob.reload()
    for one in (page, bob):
        one.keyboard.press("n")
        expect(one).to_have_url(re.compile("/next"))
        expect(one.get_by_role("article")).to_have_count(1)
    expect(card(page, marks[0])).to_be_visible()
    expect(card(bob, marks[2])).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(card(page, marks[1])).to_be_focused()
    expect(page.locator(".banner")).to_contain_text("Approved")
    expect(page.get_by_role("article")).to_have_count(1)
    page.keyboard.press("n")
    expect(card(page, marks[4])).to_be_visible()
    expect(card(page, marks[1])).to_have_count(0)


def test_who_decides_on_what_a_colleague_looks_at_is_warned_and_the_colleague_sees_it(
    copydesk: Copydesk, page: Page, bob: Page
) -> None:
    [one] = flag(copydesk)
    bob.reload()
    bob.keyboard.press("n")
    expect(card(bob, one)).to_be_visible()
    sign_in(page, copydesk.base_url)
    expect(card(page, one)).to_contain_text("Bob is on it")
    card(page, one).get_by_role("button", name="Reject").click()
    expect(page.locator(".banner")).to_contain_text("Bob is looking at this comment")
    page.get_by_role("button", name="Reject anyway").click()
    expect(page.locator(".banner")).to_contain_text("Rejected")
    look_again(bob)
    expect(card(bob, one)).to_contain_text("Rejected by Olga")
    card(bob, one).get_by_role("button", name="Approve").click()
    expect(bob.locator(".banner")).to_contain_text("Nothing was changed.")
    expect(bob.locator(".heading .status")).to_have_text("Rejected")


def test_a_comment_is_seen_to_be_looked_at_and_can_be_handed_over(
    copydesk: Copydesk, page: Page, bob: Page
) -> None:
    marks = flag(copydesk, "one", "two")
    sign_in(page, copydesk.base_url)
    marks = in_order(page, marks)
    bob.reload()
    card(bob, marks[1]).focus()
    wait_until(lambda: comes_to_say(page, marks[1], "Bob is on it"))
    card(bob, marks[1]).locator(".hand-over summary").click()
    card(bob, marks[1]).get_by_role("combobox").select_option("Olga")
    card(bob, marks[1]).get_by_label("A word").fill("yours?")
    card(bob, marks[1]).get_by_role("button", name="Hand over").click()
    expect(bob.locator(".banner")).to_contain_text("Handed to Olga")
    page.reload()
    first = page.get_by_role("article").first
    expect(first).to_contain_text(marks[1])
    expect(first).to_contain_text("Bob handed it to you")
    expect(first).to_contain_text("yours?")
    first.get_by_role("button", name="Give back").click()
    expect(page.get_by_role("article").first).to_contain_text(marks[0])
