"""Whoever follows a bulk on its page stays where they are on it."""

import pytest
from playwright.sync_api import expect

from moderation.model.decisions import Action
from moderation.runtime import Runtime
from moderation.services.moderating import decide_comment
from moderation.services.people import find_user
from moderation.services.sites import find_site
from tests.bulks import begin, chosen, flagged, run
from tests.e2e.desk import looks_again
from tests.e2e.pages.conftest import Open
from tests.e2e.pages.scene import ADA
from tests.e2e.pages.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("long_followed")]


def test_a_bulk_that_is_drawn_anew_leaves_the_focus_where_it_is(
    runtime: Runtime, look_at: Open
) -> None:
    ada = find_user(runtime, ADA)
    ids = flagged(runtime, find_site(runtime, "agora").id, 4)
    bulk_id = begin(runtime, ada, chosen(*ids))
    for comment_id in ids[1:]:
        decide_comment(runtime, ada, comment_id, Action.APPROVE, seen=1)
    with served(runtime) as site:
        page = look_at(site).page
        page.goto(f"{site.base_url}/bulks/{bulk_id}")
        page.get_by_role("link", name="Look again").focus()
        looks_again(page)
        expect(page.get_by_role("link", name="Look again")).to_be_focused()
        run(runtime)
        expect(page.locator("[data-ended]")).to_be_visible()
        expect(page.locator("#main")).to_be_focused()
        page.get_by_text("Which ones").click()
        left = page.locator("#bulk-state .rows a")
        expect(left).to_have_count(3)
        for focused in (left.nth(1), page.locator("#bulk-state summary"), page.locator(".undo")):
            focused.focus()
            looks_again(page)
            expect(focused).to_be_focused()
