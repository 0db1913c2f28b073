"""A draft runs beside what decides, people judge where both differ, and it is promoted."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Copydesk
from tests.e2e.desk import post, sign_in, status
from tests.factories import INSULT

pytestmark = pytest.mark.browser

CIVIL = "The council meets on Tuesday, and the minutes are public."


def test_a_draft_that_flags_nothing_is_tried_judged_and_promoted(
    newcomer: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    sign_in(page, newcomer.base_url)
    page.goto(f"{newcomer.base_url}/thresholds")
    for field in page.locator("table.labels input[name^=flag_]").all():
        field.fill("1")
    page.get_by_label("Why you change them").fill("We flag too much.")
    page.get_by_role("button", name="Run in shadow").click()
    expect(page.locator("h1")).to_have_text("Shadow")
    expect(page.locator(".banner")).to_contain_text("It decides nothing")

    at = [post(newcomer, f"{INSULT} Number {number}.") for number in range(8)]
    assert status(newcomer, post(newcomer, CIVIL)) == "approved"
    assert {status(newcomer, one) for one in at} == {"flagged"}, "the shadow decided something"
    page.goto(f"{newcomer.base_url}/shadow")
    expect(page.locator("#so-far ~ .leading").first).to_contain_text(
        "Of the 9 comments since it began, 0 would wait for a person instead of 8"
    )
    expect(page.locator(".flips .rows li")).to_have_count(8)

    page.goto(f"{newcomer.base_url}/queue")
    for left in range(8, 0, -1):
        expect(page.get_by_role("article")).to_have_count(left)
        page.locator("[data-key=a]").first.click()
        expect(page.locator(".banner.decided")).to_be_visible()
    page.goto(f"{newcomer.base_url}/shadow")
    expect(page.locator(".shadowed")).to_contain_text("The shadow is better.")
    expect(page.locator(".shadowed")).to_contain_text(
        "the shadow was right about 8 and version 1 about 0"
    )
    page.get_by_label("Why you put it into force").fill("Everything was approved.")
    page.get_by_role("button", name="Publish as version 2").click()
    expect(page.locator(".banner")).to_contain_text("Version 2 is in force")
    assert status(newcomer, post(newcomer, f"{INSULT} Once more.")) == "approved"
