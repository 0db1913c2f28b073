"""A word list and a limit, published in a real browser and obeyed by real workers."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Copydesk
from tests.e2e.desk import card, new_mark, post, sign_in, status

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_queue")]


def test_a_word_list_and_a_limit_flag_what_workers_decide(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page, listed, linked = quiet_page, new_mark(), new_mark()
    links = "Read https://one.example and https://two.example first."
    assert status(copydesk, post(copydesk, links)) == "approved"
    sign_in(page, copydesk.base_url)
    page.get_by_role("link", name="Thresholds").click()
    page.get_by_role("link", name="Rules beside scores").click()
    page.get_by_label("Links to other sites, from", exact=True).fill("2")
    page.get_by_label("Name", exact=True).fill("Scams")
    page.get_by_label("Words and phrases, one on each line").fill("miracle cure*\nhoroscope")
    page.get_by_label("Why you change them").fill("spam comes")
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_text("word list “Scams”: 2 entries more")).to_be_visible()
    # Its letters are hidden; what reads the comment undoes that.
    hidden = "Have you tried the m1racle cures?"
    assert status(copydesk, post(copydesk, hidden, name=listed)) == "flagged"
    assert status(copydesk, post(copydesk, links, name=linked)) == "flagged"
    assert status(copydesk, post(copydesk, "I hope for a miracle.")) == "approved"
    page.goto(f"{copydesk.base_url}/queue?reason=rule")
    expect(card(page, listed)).to_contain_text("on the list “Scams”: miracle cure*")
    expect(card(page, linked)).to_contain_text("links to other sites: 2")
