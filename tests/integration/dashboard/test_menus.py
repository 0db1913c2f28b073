"""The menus of pages that are drawn at addresses of their own."""

import re

import pytest

from moderation.model.people import Role
from moderation.runtime import Runtime
from moderation.services import people
from tests.factories import Agora, flagged_comment
from tests.integration.dashboard.conftest import Browser


def site_links(page: str) -> list[str]:
    menu = page.partition("Site: ")[2].partition("</ul>")[0]
    return re.findall(r'href="([^"]*)"', menu)


def highlighted(page: str) -> list[str]:
    nav = page.partition('<nav aria-label="Pages">')[2].partition("</nav>")[0]
    return re.findall(r'aria-current="\w+">(\w+)<', nav)


def test_the_sites_can_be_switched_after_an_address_was_refused(ines: Browser) -> None:
    ines.get("/webhooks?site=agora")
    page = ines.post("/webhooks?site=agora", 422, url="ftp://hooks.example.com/").text
    assert site_links(page) == ["/webhooks?site=agora", "/webhooks?site=boule"]
    assert highlighted(page) == ["Webhooks"]


def test_a_refused_roll_back_leads_to_the_page_of_the_other_site(ines: Browser) -> None:
    ines.get("/thresholds?site=agora")
    page = ines.post("/thresholds/roll-back?site=agora", 409, version=1, seen=9).text
    assert site_links(page) == ["/thresholds?site=agora", "/thresholds?site=boule"]
    assert highlighted(page) == ["Thresholds"]


@pytest.mark.parametrize("path", ["/queue", "/comments"])
def test_a_list_can_show_all_sites(ines: Browser, path: str) -> None:
    page = ines.get(path).text
    assert site_links(page) == [f"{path}?site=", f"{path}?site=agora", f"{path}?site=boule"]


def test_a_comments_page_belongs_to_the_comments_and_leads_back(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    assert highlighted(alice.get(f"/comments/{comment_id}").text) == ["Comments"]
    alice.post(f"/comments/{comment_id}/decide", action="reject", seen=1)
    page = alice.get(f"/comments/{comment_id}").text
    assert '<a class="back" href="/queue">Back to the queue</a>' in page
    assert re.search(r'value="flag">Flag for review</button>', page)


def test_a_new_role_shows_in_the_menu_at_the_next_click(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    alice.get("/thresholds", 403)
    people.change_role(runtime, agora.alice.email, Role.OPERATOR)
    assert "Thresholds" in alice.get("/queue").text
    alice.get("/thresholds")
    people.change_role(runtime, agora.alice.email, Role.MODERATOR)
    alice.get("/thresholds", 403)
