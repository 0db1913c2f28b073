"""Reports of readers and appeals of authors, from the site to the desk and back."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from moderation.model.people import Role
from moderation.services.endpoints import add_endpoint
from moderation.services.people import add_user, set_password
from moderation.services.sites import find_site
from tests.e2e.conftest import PASSWORD, Copydesk
from tests.installation import wait_until
from tests.receivers import Receiver, receiver

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror='window.PWN = 1'> he always lies"


def post(copydesk: Copydesk, mark: str) -> str:
    """Post a harmless comment of somebody with this name; return its address once approved."""
    # Not in the text: some random letters look like a threat to the classifier.
    author = {"name": mark}
    comment = {"external_id": uuid4().hex, "text": "Good morning to all of you.", "author": author}
    answer = copydesk.installation.post("/v1/comments", comment, Prefer="wait=10")
    at: str = answer.body["links"]["self"]
    wait_until(lambda: copydesk.installation.get(at).body["status"] == "approved")
    return at


def report(copydesk: Copydesk, at: str, *readers: str) -> None:
    for reader in readers:
        body = {"reporter": reader, "reason": "harassment", "words": HOSTILE}
        assert copydesk.installation.post(f"{at}/reports", body).status == 201


def sign_in(page: Page, copydesk: Copydesk, email: str) -> None:
    page.goto(f"{copydesk.base_url}/queue")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/queue"))


def card(page: Page, mark: str) -> Locator:
    return page.get_by_role("article").filter(has_text=mark)


@pytest.fixture
def alice(copydesk: Copydesk) -> str:
    """Return the address of a second person who can sign in."""
    runtime, email = copydesk.installation.runtime, f"{uuid4().hex}@example.org"
    made = add_user(runtime, email, "Alice", Role.MODERATOR, ["agora"])
    set_password(runtime, made.id, PASSWORD)
    return email


def test_a_crowd_of_readers_brings_an_approved_comment_back_in_the_end(
    copydesk: Copydesk, page: Page
) -> None:
    mark = f"mark {uuid4().hex[:8]}"
    at = post(copydesk, mark)
    report(copydesk, at, "first")
    assert copydesk.installation.get(at).body["display"] == "show"
    sign_in(page, copydesk, copydesk.email)
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
    copydesk: Copydesk, page: Page, browser: Browser, alice: str
) -> None:
    desk, mark = copydesk.installation, f"mark {uuid4().hex[:8]}"
    at = post(copydesk, mark)
    sign_in(page, copydesk, copydesk.email)
    page.goto(f"{copydesk.base_url}/comments/{at.rpartition('/')[2]}")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator(".heading .status")).to_have_text("Rejected")
    with receiver() as site:
        add_endpoint(desk.runtime, find_site(desk.runtime, "agora").id, site.url)
        assert desk.post(f"{at}/appeals", {"words": "It was only a greeting."}).status == 201
        page.goto(f"{copydesk.base_url}/queue")
        expect(card(page, mark)).to_contain_text("somebody else judges the appeal")
        other = browser.new_context().new_page()
        sign_in(other, copydesk, alice)
        judge(other, mark)
        other.context.close()
        wait_until(lambda: "overturned" in outcomes(site))
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
    told = [one.message["data"].get("appeal") for one in site.received]
    return [outcome["state"] for outcome in told if outcome]
