"""Every page can be used by everybody, narrow and wide, in light and in dark."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.accessibility import ALL, COLOURS, barriers, put_axe_into
from tests.e2e.pages.conftest import Looker, Open
from tests.e2e.pages.scene import Scene
from tests.e2e.pages.serving import Served
from tests.e2e.pages.visits import VISITS, Visit, after_a_decision

pytestmark = pytest.mark.browser

WIDTHS = (1280, 320)
SCHEMES = {"light": ALL, "dark": COLOURS}
UNFOLD = "document.querySelectorAll('main details').forEach(each => { each.open = true; })"
MOVES = """() => [...document.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
}).map((element) => element.outerHTML.slice(0, 100))"""
BROKEN = r"""() => [...document.querySelectorAll(".scroll thead th")].flatMap((heading) => {
  const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
  const broken = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    for (const word of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((each) => Math.round(each.top)));
      if (lines.size > 1) broken.push(`broken over ${lines.size} lines: ${word[0]}`);
    }
  }
  return broken;
})"""
"""Words over the columns of wide tables, which are scrolled instead."""
COVERED = """() => {
  const element = document.activeElement;
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const covered = element !== document.body && !element.contains(seen) && !seen?.contains(element);
  return covered ? element.outerHTML.slice(0, 100) : "";
}"""

POINTED = re.compile(r".*(?<![\w.@])\d+\.(?!\d{3}\b)\d+\b(?!\.).*")
"""What holds a number with a decimal point, where the language writes a comma."""
NUMBERS_OF_OURS = """() => {
  const whole = document.querySelector("main").cloneNode(true);
  for (const each of whole.querySelectorAll("bdi, code, textarea, svg title")) each.remove();
  return [...whole.querySelectorAll("*")]
    .flatMap((each) => [...each.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE))
    .map((node) => node.data.trim()).join("\\n");
}"""
"""The words of a page, without those that people wrote."""


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)
def test_a_page_has_no_barrier_and_does_nothing_it_may_not(
    desk: Served, furniture: Scene, look_at: Open, visit: Visit
) -> None:
    looker = look_at(desk, signed_in=visit.signed_in)
    page, watch = looker.page, looker.watch
    go(visit, looker, desk.base_url + visit.address(furniture))
    found = watch.inspect(page)
    put_axe_into(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, rules in SCHEMES.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            seen = [*barriers(page, rules), *watch.inspect(page), *page.evaluate(MOVES)]
            seen += page.evaluate(BROKEN)
            found += [f"{width} {scheme}: {each}" for each in seen]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    "visit", [visit for visit in VISITS if not visit.then], ids=lambda visit: visit.name
)
def test_a_page_in_german_has_no_barrier_and_fits_a_narrow_screen(
    desk: Served, furniture: Scene, look_at: Open, visit: Visit
) -> None:
    looker = look_at(desk, signed_in=visit.signed_in, language="de")
    looker.page.set_viewport_size({"width": min(WIDTHS), "height": 900})
    go(visit, looker, desk.base_url + visit.address(furniture))
    expect(looker.page.locator("html")).to_have_attribute("lang", "de")
    put_axe_into(looker.page)
    found = [*barriers(looker.page), *looker.watch.inspect(looker.page)]
    found += looker.page.evaluate(BROKEN)
    found += POINTED.findall(looker.page.evaluate(NUMBERS_OF_OURS))
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("width", WIDTHS)
def test_what_the_keyboard_reaches_is_not_covered(desk: Served, look_at: Open, width: int) -> None:
    page = look_at(desk).page
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"{desk.base_url}/queue")
    after_a_decision(page)
    page.keyboard.press("End")
    covered = set()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        covered.add(page.evaluate(COVERED))
    assert covered == {""}


def go(visit: Visit, looker: Looker, address: str) -> None:
    page = looker.page
    looker.watch.expected_status = visit.status
    page.goto(address)
    if visit.then:
        visit.then(page)
    for each in visit.shows.split(", "):
        expect(page.locator(each).first).to_be_attached()
    page.evaluate(UNFOLD)
