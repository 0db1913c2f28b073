"""The moderators' desk in a real browser, over real processes."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Copydesk
from tests.e2e.desk import card, flag, order, sign_in
from tests.installation import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_queue")]

HOSTILE = [
    "<script>window.PWN = 1</script>",
    "<img src=x onerror='window.PWN = 1'>",
    "\"><svg onload='window.PWN = 1'>",
    "<a href='javascript:window.PWN = 1'>click</a> https://evil.example/",
    "\u202egnirts esrever\u202c zero\u200bwidth \x07 \ufeff",
    "z" + "\u0301" * 300,
    "W" * 3000,
    "\u0645\u0631\u062d\u0628\u0627 hello \u0628\u0643\u0645",
]


def open_reasons(card: Locator) -> None:
    card.locator("summary").filter(has_text="Reason").click()


def test_the_keyboard_alone_is_enough(copydesk: Copydesk, quiet_page: Page) -> None:
    page = quiet_page
    flag(copydesk, "one", "two", "three")
    sign_in(page, copydesk.base_url)
    page.evaluate("window.stayed = true")
    cards = page.get_by_role("article")
    expect(cards).to_have_count(3)
    page.keyboard.press("a")
    expect(cards.nth(0)).to_be_focused()
    expect(cards).to_have_count(3)
    page.keyboard.press("j")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(cards).to_have_count(2)
    expect(page.locator(".banner")).to_contain_text("Approved")
    expect(page.get_by_role("status")).to_contain_text("Approved")
    expect(cards.nth(0)).to_be_focused()
    page.keyboard.press("r")
    page.keyboard.press("r")
    expect(cards).to_have_count(1)
    expect(page.locator(".banner")).to_contain_text("Rejected")
    page.keyboard.press("u")
    expect(cards).to_have_count(2)
    expect(page.locator(".banner")).to_contain_text("Undone, flagged again")
    assert page.evaluate("window.stayed") is True


def test_a_half_written_note_survives_another_decision(copydesk: Copydesk, page: Page) -> None:
    one, two = flag(copydesk, "one", "two")
    sign_in(page, copydesk.base_url)
    open_reasons(card(page, two))
    card(page, two).get_by_label("Note to the site").fill("half a thou")
    card(page, one).get_by_role("button", name="Approve").click()
    expect(card(page, one)).to_have_count(0)
    expect(card(page, two).get_by_label("Note to the site")).to_have_value("half a thou")


def test_a_letter_typed_into_a_field_decides_nothing(copydesk: Copydesk, page: Page) -> None:
    [one] = flag(copydesk)
    sign_in(page, copydesk.base_url)
    open_reasons(card(page, one))
    note = card(page, one).get_by_label("Note to the site")
    note.press_sequentially("a radar?")
    expect(note).to_have_value("a radar?")
    expect(card(page, one)).to_be_visible()


def test_the_keys_are_listed_and_can_be_switched_off(copydesk: Copydesk, page: Page) -> None:
    [one] = flag(copydesk)
    sign_in(page, copydesk.base_url)
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    card(page, one).focus()
    page.keyboard.press("a")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("Use these keys").check()
    page.get_by_role("button", name="Close").click()
    expect(card(page, one)).to_be_visible()
    card(page, one).focus()
    page.keyboard.press("a")
    expect(card(page, one)).to_have_count(0)


def test_everything_works_without_javascript(copydesk: Copydesk, browser: Browser) -> None:
    [one] = flag(copydesk)
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, copydesk.base_url)
    open_reasons(card(page, one))
    card(page, one).get_by_label("Note to the site").fill("twice today")
    card(page, one).get_by_role("button", name="Off topic").click()
    expect(page.locator(".banner")).to_contain_text("Rejected for “Off topic”")
    expect(card(page, one)).to_have_count(0)
    page.get_by_role("link", name="See it").click()
    expect(page.get_by_text("Off topic: twice today")).to_be_visible()
    page.get_by_role("link", name="Queue", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    expect(card(page, one)).to_be_visible()
    page.context.close()


def test_an_answer_that_never_comes_is_said_and_nothing_disappears(
    copydesk: Copydesk, page: Page
) -> None:
    [one] = flag(copydesk)
    sign_in(page, copydesk.base_url)
    page.route("**/decide", lambda route: route.abort())
    card(page, one).get_by_role("button", name="Approve").click()
    expect(page.locator(".banner")).to_contain_text("No answer came")
    page.unroute("**/decide")
    card(page, one).get_by_role("button", name="Approve").click()
    expect(card(page, one)).to_have_count(0)


@pytest.mark.parametrize("at", ["/queue", "/next"])
@pytest.mark.parametrize("sent", ["", "<h1>502 Bad Gateway</h1>"])
def test_a_page_of_a_proxy_s_is_no_answer(
    copydesk: Copydesk, page: Page, at: str, sent: str
) -> None:
    marks = flag(copydesk, "one", "two")
    sign_in(page, copydesk.base_url)
    [one, _] = order(page, marks)
    if at == "/next":
        page.get_by_role("button", name="Next comment").click()
        expect(page.locator("#coming")).to_be_attached()
    page.route("**/decide", lambda route: route.fulfill(status=502, body=sent))
    card(page, one).get_by_role("button", name="Approve").click()
    expect(page.locator(".banner")).to_contain_text("No answer came")
    expect(card(page, one)).to_be_visible()
    expect(card(page, one)).to_have_css("opacity", "1")
    page.unroute("**/decide")
    card(page, one).get_by_role("button", name="Approve").click()
    expect(card(page, one)).to_have_count(0)


def test_two_moderators_never_overrule_each_other_unknowingly(
    copydesk: Copydesk, browser: Browser, page: Page
) -> None:
    [one] = flag(copydesk)
    other = browser.new_context().new_page()
    sign_in(page, copydesk.base_url)
    sign_in(other, copydesk.base_url)
    card(page, one).get_by_role("button", name="Approve").click()
    expect(card(page, one)).to_have_count(0)
    card(other, one).get_by_role("button", name="Reject").click()
    expect(card(other, one).locator(".banner")).to_contain_text("Nothing was changed.")
    expect(card(other, one).get_by_role("button", name="Approve")).to_have_count(0)
    other.reload()
    expect(card(other, one)).to_have_count(0)
    other.context.close()


def test_a_new_flag_is_announced_without_a_reload(copydesk: Copydesk, page: Page) -> None:
    sign_in(page, copydesk.base_url)
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    [one] = flag(copydesk)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_role("link", name="Show 1 new comment").click()
    expect(card(page, one)).to_be_visible()


def test_hostile_text_is_shown_and_can_do_nothing(copydesk: Copydesk, quiet_page: Page) -> None:
    page = quiet_page
    foreign: list[str] = []
    page.on(
        "request",
        lambda sent: None if sent.url.startswith(copydesk.base_url) else foreign.append(sent.url),
    )
    marks = flag(copydesk, *HOSTILE)
    sign_in(page, copydesk.base_url)
    for mark in marks:
        expect(card(page, mark)).to_be_visible()
    inside = page.locator(".text").evaluate_all(
        "texts => texts.flatMap(t => [...t.querySelectorAll('*')]).map(e => e.localName)"
    )
    assert set(inside) <= {"bdi", "mark", "span"}
    shown = page.locator("main").inner_text()
    assert not set("\u202e\u202c\u200b\x07\ufeff") & set(shown)
    assert "U+202E" in shown
    assert page.locator(".text a, .about h2 a").count() == 0
    assert page.evaluate("window.PWN") is None
    assert foreign == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_is_wider_than_the_screen(copydesk: Copydesk, quiet_page: Page, width: int) -> None:
    page = quiet_page
    page.set_viewport_size({"width": width, "height": 800})
    flag(copydesk, *HOSTILE)
    sign_in(page, copydesk.base_url)
    for path in (
        "/queue",
        "/next",
        "/comments",
        "/shift",
        "/standings",
        "/thresholds",
        "/reasons",
        "/thresholds/perspective",
        "/webhooks",
        "/password",
    ):
        page.goto(copydesk.base_url + path)
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, path


def test_thresholds_are_tried_published_and_rolled_back(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    flag(copydesk)
    sign_in(page, copydesk.base_url)
    page.get_by_role("link", name="Thresholds").click()
    flags_from = page.get_by_label("Flag from, insult", exact=True)
    before = flags_from.input_value()
    flags_from.fill("0.55")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("What you typed")).to_be_visible()
    page.get_by_label("Why you change them").fill("to see it work")
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_text("is in force for compact")).to_be_visible()
    expect(flags_from).to_have_value("0.55")
    page.get_by_role("button", name="Roll back").first.click()
    expect(flags_from).to_have_value(before)


def test_signing_out_ends_the_session(copydesk: Copydesk, page: Page) -> None:
    sign_in(page, copydesk.base_url)
    page.locator("summary").filter(has_text="Olga").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.go_back()
    page.reload()
    wait_until(lambda: "/sign-in" in page.url)


def test_a_team_note_is_written_from_the_card_s_page_and_stays_at_the_desk(
    copydesk: Copydesk, quiet_page: Page
) -> None:
    page = quiet_page
    [one] = flag(copydesk)
    sign_in(page, copydesk.base_url)
    card(page, one).get_by_role("link", name="Details").click()
    note = page.get_by_label("Note for the team")
    note.press_sequentially("a radar?")
    page.get_by_role("button", name="Note on the comment").click()
    expect(page.locator(".team-note")).to_contain_text("a radar?")
    page.goto(f"{copydesk.base_url}/queue")
    card(page, one).get_by_role("link", name="1 team note").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".team-note")).to_have_count(0)
