"""Banning an author in a real browser, over real processes."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Copydesk
from tests.e2e.desk import card, new_mark, post, sign_in, status
from tests.factories import INSULT

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_queue")]


def test_the_key_takes_a_ban_back_on_every_card_when_its_banner_is_gone(
    copydesk: Copydesk, page: Page
) -> None:
    mark = new_mark()
    tom = {"id": uuid4().hex, "name": mark}
    for text in (INSULT, f"{INSULT} Again."):
        assert status(copydesk, post(copydesk, text, **tom)) == "flagged"
    sign_in(page, copydesk.base_url)
    card(page, mark).first.get_by_text("Ban, hold, trust").click()
    card(page, mark).first.get_by_role("button", name="Ban").click()
    expect(page.locator(".tag.banned")).to_have_count(2)
    page.goto(f"{copydesk.base_url}/queue")
    page.evaluate("window.stayed = true")
    page.keyboard.press("u")
    expect(page.locator(".banner")).to_contain_text(f"Undone, author ordinary again: {mark}")
    expect(page.locator(".tag.banned")).to_have_count(0)
    assert page.evaluate("window.stayed") is True


def test_the_keyboard_stays_with_the_comment_whose_author_is_banned(
    copydesk: Copydesk, page: Page
) -> None:
    marks = [new_mark(), new_mark()]
    for mark in marks:
        assert status(copydesk, post(copydesk, INSULT, id=uuid4().hex, name=mark)) == "flagged"
    sign_in(page, copydesk.base_url)
    page.get_by_role("button", name="Next comment").click()
    expect(page.locator(".handed-out .card")).to_have_count(1)
    expect(page.locator("#coming")).to_be_attached()
    under_way: list[Route] = []
    # Playwright marks what it is handed, which a method of a list does not bear.
    page.route("**/standing", lambda route: under_way.append(route))  # noqa: PLW0108
    visible = page.locator(".card:visible")
    [mark] = [mark for mark in marks if mark in visible.inner_text()]
    visible.get_by_text("Ban, hold, trust").click()
    visible.get_by_role("button", name="Ban").click()
    expect(card(page, mark)).to_have_class(re.compile("leaving"))
    expect(visible).to_have_count(1)
    expect(visible).to_contain_text(mark)
    under_way[0].fulfill(response=under_way[0].fetch())
    expect(visible.locator(".tag.banned")).to_be_visible()
    expect(visible).to_contain_text(mark)


def test_a_banned_authors_next_comment_is_rejected_until_the_ban_is_undone(
    copydesk: Copydesk, page: Page
) -> None:
    mark = new_mark()
    tom = {"id": uuid4().hex, "name": mark}
    assert status(copydesk, post(copydesk, INSULT, **tom)) == "flagged"
    sign_in(page, copydesk.base_url)
    page.evaluate("window.stayed = true")
    card(page, mark).get_by_text("Ban, hold, trust").click()
    card(page, mark).get_by_label("How long").select_option("for a week")
    card(page, mark).get_by_role("button", name="Ban").click()
    expect(page.locator(".banner")).to_contain_text(f"Author banned: {mark}, ends in")
    expect(page.get_by_role("status")).to_contain_text("Author banned")
    expect(card(page, mark).locator(".tag.banned")).to_contain_text("banned, ends in")
    expect(card(page, mark)).to_be_focused()
    assert page.evaluate("window.stayed") is True
    assert status(copydesk, post(copydesk, "Good morning, everybody.", **tom)) == "rejected"
    page.get_by_role("link", name="All standings").click()
    page.get_by_role("link", name=f"Author {mark}").click()
    history = page.get_by_role("region", name="History")
    history.get_by_role("button", name="Undo").click()
    expect(page.locator(".banner")).to_contain_text(f"Undone, author ordinary again: {mark}")
    assert status(copydesk, post(copydesk, "Good evening, everybody.", **tom)) == "approved"
