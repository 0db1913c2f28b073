"""A run of the audit by the keyboard alone, on what a real worker approved."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from moderation.services.audit_sampling import change_audit
from tests.e2e.conftest import Copydesk
from tests.e2e.desk import post, sign_in, status

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_queue")]


@pytest.fixture
def approved(copydesk: Copydesk) -> Iterator[list[str]]:
    """Yield the addresses of comments that were approved by themselves, all of them samples."""
    runtime = copydesk.installation.runtime
    change_audit(runtime, "agora", 1.0)
    yield [post(copydesk, f"Good morning, number {number}.") for number in range(3)]
    change_audit(runtime, "agora", 0.0)


def test_a_run_by_the_keyboard(
    copydesk: Copydesk, approved: list[str], quiet_page: Page, base_url: str
) -> None:
    page = quiet_page
    sign_in(page, base_url)
    page.get_by_role("link", name="Audit:").click()
    expect(page.locator(".leading")).to_contain_text("No flagged comment waits")

    def told(words: str) -> None:
        expect(page.locator(".banner").first).to_contain_text(words)
        expect(page.get_by_role("article")).to_be_focused()

    page.keyboard.press("j")
    expect(page.get_by_role("article")).to_be_focused()
    for key, words in (
        ("s", "Skipped for half an hour"),
        ("u", "no longer skipped"),
        ("a", "Automation had approved that comment"),
        ("u", "it waits for the audit again"),
    ):
        page.keyboard.press(key)
        told(words)
    page.keyboard.press("r")
    page.keyboard.press("5")
    told("Rejected for “Spam or advertising”")
    expect(page.locator(".revealed")).to_have_text("Automation had approved that comment.")
    assert [status(copydesk, at) for at in approved].count("rejected") == 1
    page.get_by_role("link", name="What automation misses").click()
    expect(page.locator(".leading").first).to_contain_text("moderators would reject about")
