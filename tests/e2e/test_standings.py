"""Banning an author in a real browser, over real processes."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Copydesk
from tests.e2e.test_desk import INSULT, card, sign_in
from tests.installation import wait_until

pytestmark = pytest.mark.browser


def post(copydesk: Copydesk, author_id: str, text: str) -> str:
    """Post a comment and return the status that it is decided to have."""
    desk = copydesk.installation
    author = {"id": author_id, "name": "Tom"}
    comment = {"external_id": uuid4().hex, "text": text, "author": author}
    at = desk.post("/v1/comments", comment, Prefer="wait=10").body["links"]["self"]
    wait_until(lambda: desk.get(at).body["status"] != "pending")
    return str(desk.get(at).body["status"])


def test_the_key_takes_a_ban_back_on_every_card_when_its_banner_is_gone(
    copydesk: Copydesk, page: Page
) -> None:
    author_id, marks = uuid4().hex, [uuid4().hex[:8] for _ in range(2)]
    for mark in marks:
        assert post(copydesk, author_id, f"{mark} {INSULT}") == "flagged"
    sign_in(page, copydesk)
    card(page, marks[0]).get_by_text("Ban, hold, trust").click()
    card(page, marks[0]).get_by_role("button", name="Ban").click()
    expect(page.locator(".tag.banned")).to_have_count(2)
    page.goto(f"{copydesk.base_url}/queue")
    page.evaluate("window.stayed = true")
    page.keyboard.press("u")
    expect(page.locator(".banner")).to_contain_text("Undone, author ordinary again: Tom")
    expect(page.locator(".tag.banned")).to_have_count(0)
    assert page.evaluate("window.stayed") is True


def test_a_banned_authors_next_comment_is_rejected_until_the_ban_is_undone(
    copydesk: Copydesk, page: Page
) -> None:
    author_id, mark = uuid4().hex, uuid4().hex[:8]
    assert post(copydesk, author_id, f"{mark} {INSULT}") == "flagged"
    sign_in(page, copydesk)
    page.evaluate("window.stayed = true")
    card(page, mark).get_by_text("Ban, hold, trust").click()
    card(page, mark).get_by_label("How long").select_option("for a week")
    card(page, mark).get_by_role("button", name="Ban").click()
    expect(page.locator(".banner")).to_contain_text("Author banned: Tom, ends in")
    expect(page.get_by_role("status")).to_contain_text("Author banned")
    expect(card(page, mark).locator(".tag.banned")).to_contain_text("banned, ends in")
    expect(card(page, mark)).to_be_focused()
    assert page.evaluate("window.stayed") is True
    assert post(copydesk, author_id, "Good morning, everybody.") == "rejected"
    page.get_by_role("link", name="All standings").click()
    page.get_by_role("link", name="Author Tom").click()
    history = page.get_by_role("region", name="History")
    history.get_by_role("button", name="Undo").click()
    expect(page.locator(".banner")).to_contain_text("Undone, author ordinary again: Tom")
    assert post(copydesk, author_id, "Good evening, everybody.") == "approved"
