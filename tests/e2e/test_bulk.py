"""Deciding on several comments at once, by keys and by dragging, over real workers."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Copydesk
from tests.e2e.desk import card, flag, ids, order, press, sign_in, statuses

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_queue")]


def test_a_bulk_is_selected_looked_at_run_and_undone_by_keys(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    marks = flag(copydesk, "one", "two", "three")
    sign_in(page, copydesk.base_url)
    first, second, third = order(page, marks)
    comments = ids(page, marks)
    press(page, "j", "x", "j", "x")
    expect(page.get_by_role("button", name="Decide on the selected (2)")).to_be_visible()
    press(page, "b")
    expect(page).to_have_url(re.compile("/bulks/"))
    expect(page.get_by_role("heading", name="2 comments")).to_be_visible()
    expect(page.locator("#samples ~ .rows li")).to_have_count(2)
    # The first key shows what it would meet.
    press(page, "r")
    expect(page.locator("section.card")).to_be_focused()
    press(page, "r", "5")
    expect(page.locator("[data-ended]")).to_have_text("2 comments rejected.")
    expect(page.get_by_role("status")).to_have_text("2 comments rejected.")
    expect(page.locator("#bulk-samples .status.rejected")).to_have_count(2)
    assert statuses(copydesk, comments).count("rejected") == 2
    press(page, "u")
    expect(page.locator("[data-ended]")).to_have_text("2 comments undone.")
    expect(page.locator("#bulk-samples .status.flagged")).to_have_count(2)
    assert set(statuses(copydesk, comments)) == {"flagged"}
    page.get_by_role("link", name="Back to the queue").click()
    assert order(page, marks) == [first, second, third]


def test_a_bulk_is_undone_from_the_queue_after_moving_on(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    marks = flag(copydesk, "one", "two")
    sign_in(page, copydesk.base_url)
    card(page, marks[0]).get_by_text("All like this").click()
    card(page, marks[0]).get_by_role("button", name="All with this text").click()
    expect(page.get_by_role("heading", name="1 comment")).to_be_visible()
    page.get_by_role("button", name="Approve all").click()
    expect(page.locator("[data-ended]")).to_have_text("1 comment approved.")
    page.get_by_role("link", name="Queue", exact=True).click()
    page.wait_for_url("**/queue")
    expect(card(page, marks[0])).to_have_count(0)
    press(page, "u")
    expect(page.locator(".banner")).to_contain_text("is being undone")
    page.get_by_role("link", name="See how far it is").click()
    expect(page.locator("[data-ended]")).to_have_text("1 comment undone.")


def test_shift_ticks_all_between_two_boxes(copydesk: Copydesk, quiet_page: Page) -> None:
    page = quiet_page
    flag(copydesk, "one", "two", "three")
    sign_in(page, copydesk.base_url)
    boxes = page.locator(".tick input")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator(".tick input:checked")).to_have_count(3)
    expect(page.get_by_role("button", name="Decide on the selected (3)")).to_be_visible()


def test_handles_are_dragged_and_choose_what_is_looked_at(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    flag(copydesk, "one", "two")
    sign_in(page, copydesk.base_url)
    page.get_by_role("link", name="Select by score").click()
    page.get_by_label("to below").fill("1")
    low = page.locator("[data-drag=low]").bounding_box()
    picture = page.locator(".dots svg").bounding_box()
    assert low
    assert picture
    page.mouse.move(low["x"] + low["width"] / 2, low["y"] + 8)
    page.mouse.down()
    page.mouse.move(picture["x"] + 12, low["y"] + 8, steps=5)
    page.mouse.up()
    expect(page.get_by_label("From")).to_have_value(re.compile(r"0\.0\d"))
    expect(page.locator("[data-within]")).to_have_text("2")
    page.get_by_role("button", name="Look at these").click()
    expect(page.get_by_role("heading", name="2 comments")).to_be_visible()
    assert "csrf" not in page.url
