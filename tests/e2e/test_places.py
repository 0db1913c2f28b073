"""A section gets thresholds of its own in the browser: it is judged by them, and nothing else."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Copydesk
from tests.e2e.desk import sign_in, status
from tests.factories import INSULT
from tests.installation import wait_until

pytestmark = pytest.mark.browser

CLUB = "Chess club"


def post_in(copydesk: Copydesk, section: str) -> str:
    """Post an insult in a section; return what became of it."""
    comment = {"external_id": uuid4().hex, "text": INSULT, "thread": {"section": section}}
    desk = copydesk.installation
    at: str = desk.post("/v1/comments", comment, Prefer="wait=10").body["links"]["self"]
    wait_until(lambda: status(copydesk, at) != "pending")
    return status(copydesk, at)


def test_a_section_is_judged_by_thresholds_of_its_own(copydesk: Copydesk, quiet_page: Page) -> None:
    page = quiet_page
    assert post_in(copydesk, CLUB) == "flagged"
    sign_in(page, copydesk.base_url)
    page.goto(f"{copydesk.base_url}/thresholds")
    page.get_by_text("Add a place").click()
    expect(page.locator(f"#sections option[value='{CLUB}']")).to_have_count(1)
    page.get_by_label("Its name").fill("chess*")
    page.get_by_role("button", name="Choose its thresholds").click()
    here = page.get_by_role("navigation", name="Places with thresholds of their own")
    expect(here.locator("[aria-current]")).to_have_text("Section chess*")
    for field in page.locator("input[name^=flag_]").all():
        field.fill("never")
    expect(page.locator("#simulated")).to_contain_text("wait for a person now, would be approved")
    page.get_by_label("Why you change them").fill("They mean it well.")
    page.get_by_role("button", name="Publish version").click()
    expect(page.locator(".banner")).to_contain_text("is in force")
    assert post_in(copydesk, CLUB) == "approved"
    assert post_in(copydesk, "Politics") == "flagged"
    here.get_by_role("button", name="Section chess* as everywhere again").click()
    expect(here.locator("[aria-current]")).to_have_text("Everywhere")
    assert post_in(copydesk, CLUB) == "flagged"
