"""What somebody hides stays hidden in a real browser until they ask for just that text."""

import pytest
from playwright.sync_api import expect

from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.model.labels import Label
from moderation.model.preferences import Preferences
from moderation.model.reviews import Cause
from moderation.runtime import Runtime
from moderation.services.moderating import decide_comment
from moderation.services.people import find_user
from moderation.services.preferences import choose
from moderation.services.sites import find_site
from tests.bulks import begin, chosen, run
from tests.e2e.desk import looks_again
from tests.e2e.pages.conftest import Open
from tests.e2e.pages.scene import ADA
from tests.e2e.pages.serving import served
from tests.factories import HOSTILE, classify_all, submit

pytestmark = pytest.mark.browser


@pytest.fixture
def threats(runtime: Runtime) -> list[CommentId]:
    """Return three threats that wait; Ada hides such texts."""
    site_id = find_site(runtime, "agora").id
    said = [submit(runtime, site_id, f"t{n}", text=f"I will find you, {n}.") for n in range(3)]
    classify_all(runtime, HOSTILE | {Label.THREAT: 0.9})
    choose(runtime, find_user(runtime, ADA), Preferences(hide=Cause.THREAT))
    return [one.comment_id for one in said]


@pytest.mark.usefixtures("long_followed")
def test_a_bulk_that_is_drawn_anew_opens_no_text_that_nobody_asked_for(
    runtime: Runtime, threats: list[CommentId], look_at: Open
) -> None:
    ada = find_user(runtime, ADA)
    bulk_id = begin(runtime, ada, chosen(*threats))
    for comment_id in threats[1:]:
        decide_comment(runtime, ada, comment_id, Action.APPROVE, seen=1)
    run(runtime)
    with served(runtime) as site:
        page = look_at(site).page
        page.goto(f"{site.base_url}/bulks/{bulk_id}")
        page.get_by_text("Which ones").click()
        texts = page.locator("#bulk-state .excerpt")
        looks_again(page)
        expect(page.locator("#bulk-state .veil")).to_have_count(2)
        expect(texts.locator("visible=true")).to_have_count(0)
        page.locator("#bulk-state .veil summary").last.click()
        looks_again(page)
        expect(texts.first).to_be_hidden()
        expect(texts.last).to_be_visible()
        page.get_by_text("Which ones").click()
        looks_again(page)
        expect(page.locator("#bulk-state .rows")).to_be_hidden()


def test_a_key_shows_the_text_of_one_card_and_hides_it_again(
    runtime: Runtime, threats: list[CommentId], look_at: Open
) -> None:
    with served(runtime) as site:
        page = look_at(site).page
        page.goto(f"{site.base_url}/queue")
        texts = page.locator(".card .text")
        expect(texts).to_have_count(len(threats))
        expect(texts.locator("visible=true")).to_have_count(0)
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("t")
        expect(texts.nth(1)).to_be_visible()
        expect(texts.locator("visible=true")).to_have_count(1)
        page.keyboard.press("t")
        expect(texts.locator("visible=true")).to_have_count(0)
