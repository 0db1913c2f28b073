"""Every page of the dashboard, and how to come to see it with something on it.

A page that is added needs an entry here: tests/architecture/test_pages.py asks for it. What is
listed is looked at by test_every_page.py in light and dark, narrow and wide.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.pages.scene import Scene

NO_PAGES = {
    "home": "sends to the queue",
    "audit": "sends to the next comment, or is the same page without one",
    "count": "a number for the script",
    "watch_bulk": "how far a bulk is, for the script",
    "watch_comments": "who looks at what, for the script",
    "open_comment": "sends to the comment",
    "disagreements": "a file to keep",
    "policy_file": "a file to keep",
}
"""Views that answer to GET and draw nothing."""

NO_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Visit:
    """One look at a page.

    `path` may name what the scene holds, as in "/comments/{told}". `shows` selects what must be
    there, all of it if there are commas, so that no empty page passes. `then` is what the visitor
    does before looking.
    """

    view: str
    path: str
    shows: str
    then: "Callable[[Page], None] | None" = None
    signed_in: bool = True
    status: int = 200

    @property
    def name(self) -> str:
        return f"{self.view} {self.then.__name__ if self.then else self.path}"

    def address(self, scene: "Scene") -> str:
        tokens = {"link": scene.password_link, "stop": scene.stop_token}
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        comments = {"told": scene.told, "held": scene.held, "sampled": scene.sampled}
        return self.path.format(today=today, **comments, **tokens, **scene.bulks)


def with_the_keys_open(page: "Page") -> None:
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()


def with_the_menus_open(page: "Page") -> None:
    page.evaluate("document.querySelectorAll('.menu').forEach(menu => { menu.open = true; })")


def with_the_filters_open(page: "Page") -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    page.get_by_role("button", name="Filters").click()
    page.locator("#filters:popover-open").wait_for()


def after_a_decision(page: "Page") -> None:
    page.locator("[data-key=a]").last.click()
    page.locator(".banner.decided").wait_for()


def with_the_reasons_open(page: "Page") -> None:
    page.locator("summary[data-key=r]").click()
    page.locator(".panel[open]").wait_for()


def after_a_ban(page: "Page") -> None:
    page.get_by_text("Ban, hold, trust").click()
    page.get_by_role("group", name="Author").get_by_role("button", name="Trust").click()
    page.locator(".banner.decided").wait_for()


def on_which_a_colleague_is(page: "Page") -> None:
    page.locator("[data-key=a]").click()
    page.locator(".anyway").wait_for()


def after_choosing(page: "Page") -> None:
    page.get_by_role("group", name="Hide text").get_by_label("Threat").check()
    page.get_by_role("button", name="Keep").click()
    page.locator(".banner").wait_for()


def with_a_hidden_text_shown(page: "Page") -> None:
    page.locator(".veil summary").first.click()


def with_a_preview(page: "Page") -> None:
    page.get_by_label("Flag from, insult", exact=True).fill("0.55")
    page.get_by_role("button", name="Preview").click()
    page.locator(".flips .rows").wait_for()


def with_all_numbers_of_a_version(page: "Page") -> None:
    page.locator(".history summary").first.click()


def with_a_line_dragged(page: "Page") -> None:
    page.get_by_label("Flag from, insult, as a line").fill("0.56")
    page.locator(".flips .rows").wait_for()
    page.locator(".by-part summary").click()


def with_a_wrong_number(page: "Page") -> None:
    page.get_by_label("Flag from, insult", exact=True).fill("much")
    page.get_by_label("Why you change them").fill("Try.")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("alert").wait_for()


def with_advice(page: "Page") -> None:
    _wish(page, "Flag at most", "25")
    page.locator(".advised").wait_for()


def with_a_wish_that_cannot_be_met(page: "Page") -> None:
    _wish(page, "Miss at most", "1")
    page.get_by_role("alert").wait_for()


def _wish(page: "Page", name: str, amount: str) -> None:
    page.get_by_label(name).fill(amount)
    page.locator(".wish", has=page.get_by_label(name)).get_by_role("button").click()


def adding_a_place(page: "Page") -> None:
    page.get_by_text("Add a place").click()
    page.get_by_label("Its name").wait_for()


def with_a_place(page: "Page") -> None:
    page.get_by_label("Flag from, insult", exact=True).fill("0.95")
    page.get_by_label("Why you change them").fill("It is rough there.")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="as everywhere again").wait_for()


def with_wrong_rules(page: "Page") -> None:
    page.get_by_text("Rules beside scores").last.click()
    page.get_by_label("Why you change them").fill("Spam comes.")
    page.get_by_label("Links to other sites, from", exact=True).fill("two")
    page.get_by_label("Name", exact=True).fill("Rude")
    page.get_by_label("Words and phrases, one on each line").fill("idiot\n/(a/")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("alert").wait_for()


def with_a_preset(page: "Page") -> None:
    page.get_by_role("button", name="Fill in rules for a blog").click()
    page.get_by_text("What you typed").wait_for()


def with_a_new_secret(page: "Page") -> None:
    page.get_by_role("button", name="New secret").first.click()
    page.locator(".secret").wait_for()


def with_a_new_feed(page: "Page") -> None:
    page.get_by_role("button", name="Make a").click()
    page.locator(".secret").wait_for()


def with_a_refused_address(page: "Page") -> None:
    page.get_by_label("Address").fill("ftp://example.org")
    page.get_by_role("button", name="Add endpoint").click()
    page.get_by_role("alert").wait_for()


def with_a_wrong_password(page: "Page") -> None:
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()


def with_a_bad_password(page: "Page") -> None:
    page.get_by_label("Present password").fill("wrong")
    page.get_by_label("New password").fill("too long to be wrong")
    page.get_by_role("button", name="Change it").click()
    page.get_by_role("alert").wait_for()


def with_comments_ticked(page: "Page") -> None:
    for box in page.locator(".tick input").all()[:2]:
        box.check()


VISITS = (
    Visit("sign_in", "/sign-in", "form", signed_in=False),
    Visit(
        "sign_in", "/sign-in", "[role=alert]", with_a_wrong_password, signed_in=False, status=401
    ),
    Visit("password_link", "/password/{link}", "form", signed_in=False),
    Visit("password", "/password", "form"),
    Visit("notifications", "/notifications", ".notifications .way, #feed"),
    Visit("notifications", "/notifications", ".secret", with_a_new_feed),
    Visit("ask_to_stop", "/stop-mail/{stop}", "form", signed_in=False),
    Visit("password", "/password", "[aria-invalid]", with_a_bad_password, status=422),
    Visit("preferences", "/your-desk", ".preferences input[type=checkbox]"),
    Visit("preferences", "/your-desk", ".banner, .preferences :checked", after_choosing),
    Visit("queue", "/queue?reason=threat", ".veil[open] .text", with_a_hidden_text_shown),
    Visit(
        "queue", "/queue", ".veil, .handed, .on-it:not([hidden]), .judging, .card.broken ~ .card"
    ),
    Visit("queue", "/queue?site=boule", "dialog[open]", with_the_keys_open),
    Visit("queue", "/queue?site=boule", ".menu[open]", with_the_menus_open),
    Visit("queue", "/queue?site=boule", ".banner.decided", after_a_decision),
    Visit("queue", "/queue?section=politics&order=nearest", ".filters .keep"),
    Visit("queue", f"/queue?after=9999-12-31T00:00Z~{NO_ID}", ".empty", with_the_filters_open),
    Visit("queue", "/queue?author=nobody", ".filters .saved"),
    Visit("handed_out", "/next", ".handed-out .card"),
    Visit("handed_out", "/next?author=nobody", ".empty"),
    Visit("queue", "/queue?one=yes", ".card"),
    Visit("score_band", "/bulks/band?site=agora&label=insult", ".dots .handle, table"),
    Visit("score_band", "/bulks/band?site=agora&label=sexual_explicit", ".band .empty"),
    Visit("bulk", "/bulks/{previewed}", ".bulk .card .panel, .bulk .fates li, #samples ~ .rows li"),
    Visit("bulk", "/bulks/{running}", "progress, .undo"),
    Visit("bulk", "/bulks/{ended}", "[data-ended], .fates li"),
    Visit("queue", "/queue?site=agora", ".tick input:checked", with_comments_ticked),
    Visit("reasons", "/reasons?site=agora", "fieldset textarea"),
    Visit("second_look", "/second-look?site=agora", ".card .meters"),
    Visit("second_look", "/second-look?site=boule", ".empty"),
    Visit("agreement", "/second-look/agreement?site=agora", ".agreement .interval"),
    Visit("audited", "/audit/{sampled}", ".card .reject, .leading"),
    Visit("audited", "/audit/{sampled}", ".panel[open] .site-reasons", with_the_reasons_open),
    Visit("audited", "/audit/{sampled}", ".revealed, .card", after_a_decision),
    Visit("audited", "/audit?site=boule", ".empty"),
    Visit("misses", "/audit/misses?site=agora", ".agreement .number, .misses circle"),
    Visit("misses", "/audit/misses?site=boule", ".empty"),
    Visit("shift", "/shift", "#claims ~ .rows a, .banner.warning time"),
    Visit("comments", "/comments", ".rows .status.erased"),
    Visit("comments", "/comments?text=idiot&status=flagged", ".rows li"),
    Visit("comments", "/comments?text=nowhere", ".empty"),
    Visit("comment", "/comments/{told}?edit=2", ".boxes .team-note, .sides, .edited ins"),
    Visit("comment", "/comments/{told}", ".banner.decided", after_a_ban),
    Visit("comment", "/comments/{held}", ".anyway", on_which_a_colleague_is, status=409),
    Visit("comment", "/nowhere", ".gate .code", status=404),
    Visit("standings", "/standings?site=agora", ".tag.trusted"),
    Visit("standings", "/standings?site=agora&id=nobody", ".empty"),
    Visit("subject", "/standings/subject?kind=author&id=u17&site=agora", "#forget"),
    Visit("subject", "/standings/subject?kind=thread&id=t4&site=agora", ".tag.held"),
    Visit("thresholds", "/thresholds?days=0", ".histogram [type=range], .evidence"),
    Visit("thresholds", "/thresholds", ".history details[open]", with_all_numbers_of_a_version),
    Visit("thresholds", "/thresholds", ".flips .rows", with_a_preview),
    Visit("thresholds", "/thresholds", ".tables td, .flips .rows", with_a_line_dragged),
    Visit("thresholds", "/thresholds", "[aria-invalid]", with_a_wrong_number, status=422),
    Visit("thresholds", "/thresholds?site=delphi", ".wish input, .corrected td"),
    Visit("thresholds", "/thresholds?site=delphi", ".advised li, .flips .rows", with_advice),
    Visit(
        "thresholds",
        "/thresholds?site=delphi",
        ".wish .wrong, .wish [aria-invalid]",
        with_a_wish_that_cannot_be_met,
        status=422,
    ),
    Visit("thresholds", "/thresholds?kind=thread&pattern=t*", ".places input", adding_a_place),
    Visit(
        "thresholds",
        "/thresholds?site=boule&kind=section&pattern=news",
        ".places button",
        with_a_place,
    ),
    Visit(
        "thresholds",
        "/thresholds",
        ".limits .wrong, .word-list .wrong",
        with_wrong_rules,
        status=422,
    ),
    Visit("thresholds", "/thresholds", ".limits [value='1']", with_a_preset),
    Visit(
        "perspective",
        "/thresholds/perspective?site=agora&at_TOXICITY=much",
        ".scatter circle, [aria-invalid]",
        status=422,
    ),
    Visit("perspective", "/thresholds/perspective?site=boule", ".rough"),
    Visit("shadow", "/shadow?site=agora", ".beside-each-other, .flips .rows li, #end ~ form"),
    Visit("shadow", "/shadow?site=boule", ".empty, #ahead ~ form, #past ~ .history"),
    Visit("learning", "/learning?site=agora", "#trial ~ .figure-and-carried circle, .history .tag"),
    Visit("learning", "/learning?site=boule", "#supply ~ p strong"),
    Visit("rates", "/rates?site=agora&days=7", ".rates .flag, .rates .line, .banner.warning time"),
    Visit("rates", "/rates?site=boule", ".rates .axis"),
    Visit("spike", "/rates/day?site=agora&day={today}", "#authors ~ .scroll a"),
    Visit("spike", "/rates/day?site=agora&day=2026-01-01", ".empty"),
    Visit("webhooks", "/webhooks", "#failed ~ .rows li"),
    Visit("webhooks", "/webhooks", ".secret", with_a_new_secret),
    Visit("webhooks", "/webhooks", "[role=alert]", with_a_refused_address, status=422),
)
