"""Reports of readers and appeals of authors, from the site to the desk and back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Copydesk
from tests.e2e.desk import card, colleague, new_mark, post, sign_in, status, told
from tests.installation import wait_until
from tests.receivers import Receiver

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_queue")]

HOSTILE = "<img src=x onerror='window.PWN = 1'> he always lies"


def approved(copydesk: Copydesk, mark: str) -> str:
    """Post a harmless comment of somebody with this name; return its address."""
    at = post(copydesk, "Good morning to all of you.", name=mark)
    assert status(copydesk, at) == "approved"
    return at


def report(copydesk: Copydesk, at: str, *readers: str) -> None:
    for reader in readers:
        body = {"reporter": reader, "reason": "harassment", "words": HOSTILE}
        assert copydesk.installation.post(f"{at}/reports", body).status == 201


def test_a_crowd_of_readers_brings_an_approved_comment_back_in_the_end(
    copydesk: Copydesk, page: Page
) -> None:
    mark = new_mark()
    at = approved(copydesk, mark)
    report(copydesk, at, "first")
    assert copydesk.installation.get(at).body["display"] == "show"
    sign_in(page, copydesk.base_url)
    expect(card(page, mark)).to_contain_text("reported by 1 reader: harassment (1)")
    card(page, mark).get_by_text("What readers wrote").click()
    expect(card(page, mark)).to_contain_text("he always lies")
    assert page.evaluate("window.PWN") is None
    card(page, mark).get_by_role("button", name="Approve").click()
    # The card leaves at once; this is what the server says.
    expect(page.locator(".banner")).to_contain_text("Approved")
    expect(card(page, mark)).to_have_count(0)
    report(copydesk, at, "second", "third", "fourth", "fifth")
    page.reload()
    expect(card(page, mark)).to_have_count(0)
    report(copydesk, at, "sixth")
    page.reload()
    expect(card(page, mark)).to_contain_text("reported by 5 readers")
    card(page, mark).get_by_role("button", name="Approve").click()
    expect(card(page, mark)).to_have_count(0)


def test_an_author_appeals_and_another_moderator_overturns(
    copydesk: Copydesk, page: Page, browser: Browser
) -> None:
    desk, mark, alice = copydesk.installation, new_mark(), colleague(copydesk, "Alice")
    at = approved(copydesk, mark)
    sign_in(page, copydesk.base_url)
    page.goto(f"{copydesk.base_url}/comments/{at.rpartition('/')[2]}")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator(".heading .status")).to_have_text("Rejected")
    with told(copydesk) as listening:
        assert desk.post(f"{at}/appeals", {"words": "It was only a greeting."}).status == 201
        page.goto(f"{copydesk.base_url}/queue")
        expect(card(page, mark)).to_contain_text("somebody else judges the appeal")
        other = browser.new_context().new_page()
        sign_in(other, copydesk.base_url, alice)
        judge(other, mark)
        other.context.close()
        wait_until(lambda: "overturned" in outcomes(listening.site))
    [found] = desk.get(f"{at}/appeals").body["appeals"]
    assert (found["state"], found["statement"]) == ("overturned", "We were wrong.")
    assert desk.get(at).body["display"] == "show"


def judge(page: Page, mark: str) -> None:
    appealed = card(page, mark)
    expect(appealed).to_contain_text("Olga\N{RIGHT SINGLE QUOTATION MARK}s rejection")
    expect(appealed).to_contain_text("It was only a greeting.")
    appealed.get_by_placeholder("Statement to the author").fill("We were wrong.")
    appealed.get_by_role("button", name="Overturn and approve").click()
    expect(page.locator(".banner")).to_contain_text("Approved")
    expect(appealed).to_have_count(0)


def outcomes(site: Receiver) -> list[str]:
    """Return how appeals ended that the site was told of."""
    found = [one.message["data"].get("appeal") for one in site.received]
    return [outcome["state"] for outcome in found if outcome]
