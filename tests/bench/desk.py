"""The desk: from the key that decides to the next comment on the screen.

Real processes and a real Chromium; a queue of 200 comments that the classifier flagged. Timed is
what a moderator feels: from the key's own time stamp to the frame in which the card is gone and the
next one has the focus.
"""

import shutil
import statistics
from collections.abc import Iterator, Sequence
from uuid import uuid4

from playwright.sync_api import Page, expect, sync_playwright

from moderation.model.people import Role
from moderation.services.people import add_user, set_password
from tests.bench.options import Options
from tests.bench.places import KINDS, place
from tests.bench.results import Result, Target
from tests.e2e.conftest import CHROMIUM_FLAGS, OLGA, PASSWORD
from tests.e2e.desk import sign_in
from tests.factories import INSULT
from tests.installation import Installation, wait_until

WAITING, SHORT_WAITING = 200, 30
LIMIT = Target(at_most=150)
PAUSES = {"four a second": 0.25, "without a pause": 0.0}
KEYS = {"approve (a)": ("a",), "reject for a reason (r 3)": ("r", "3")}

WATCH = """
keys => {
  window.timings = [];
  document.addEventListener("keydown", event => {
    if (!keys.includes(event.key)) return;
    const before = document.activeElement.closest(".card");
    const painted = () => timings.push(performance.now() - event.timeStamp);
    const look = () => {
      const now = document.activeElement;
      if (before.isConnected || !now.matches(".card")) return requestAnimationFrame(look);
      const after = new MessageChannel();
      after.port1.onmessage = painted;
      requestAnimationFrame(() => after.port2.postMessage(0));
    };
    look();
  }, true);
}
"""
"""Looks on from before the desk's own script to after the frame that shows the next card."""

PAINTED = """
n => new Promise(done => {
  const look = () => timings.length > n ? done() : setTimeout(look, 1);
  look();
})
"""

ANSWERS = """
() => performance.getEntriesByType("resource")
  .filter(entry => entry.name.endsWith("/decide")).map(entry => entry.duration)
"""


def run(options: Options) -> Iterator[Result]:
    """Measure on both databases."""
    for kind in KINDS:
        with place(kind) as desk, sync_playwright() as playwright:
            olga = add_user(desk.runtime, OLGA, "Olga", Role.OPERATOR, ["agora"])
            set_password(desk.runtime, olga.id, PASSWORD)
            desk.start()
            desk.ready()
            found = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            yield from _measure(kind, desk, page, options)


def _measure(kind: str, desk: Installation, page: Page, options: Options) -> Iterator[Result]:
    sign_in(page, f"http://127.0.0.1:{desk.settings.port}")
    answers: list[float] = []
    for pace, pause in PAUSES.items():
        for what, keys in KEYS.items():
            runs = []
            for _ in range(options.runs):
                _fill(desk, SHORT_WAITING if options.short else WAITING)
                runs.append(_p95(_decide(page, desk, keys, pause)))
                answers += page.evaluate(ANSWERS)
            measure = f"{kind}: {what} to the next card painted, {pace}: p95"
            yield Result("desk", measure, statistics.median(runs), "ms", options.runs, target=LIMIT)
    measure = f"{kind}: until the server has answered, meanwhile: p95"
    yield Result("desk", measure, _p95(answers), "ms", options.runs)


def _decide(page: Page, desk: Installation, keys: Sequence[str], pause: float) -> list[float]:
    """Decide half of the queue, and return what each took in milliseconds."""
    page.goto(f"http://127.0.0.1:{desk.settings.port}/queue")
    count = int(page.locator("[data-waiting]").get_attribute("data-waiting") or 0) // 2
    page.evaluate("performance.setResourceTimingBufferSize(5000)")
    page.evaluate(WATCH, [keys[-1]])
    page.keyboard.press("j")
    for n in range(count):
        for key in keys:
            page.keyboard.press(key)
        page.evaluate(PAINTED, n)
        page.wait_for_timeout(1000 * pause)
    # Nothing may be under way when the page is left, or lost.
    expect(page.locator(".count")).to_have_attribute("data-waiting", str(count))
    timings: list[float] = page.evaluate("timings")
    return timings


def _fill(desk: Installation, waiting: int) -> None:
    """Have so many comments wait, whatever waited before."""
    count = "SELECT count(*) FROM reviews WHERE state != 'resolved'"
    new = [_comment(n) for n in range(waiting - desk.rows(count)[0][0])]
    for start in range(0, len(new), 100):
        desk.post("/v1/comments/batch", {"comments": new[start : start + 100]})
    wait_until(lambda: desk.rows(count)[0][0] == waiting)


def _comment(n: int) -> dict[str, object]:
    text = f"{INSULT} For the {n}th time!"
    return {"external_id": uuid4().hex, "text": text, "author": {"name": f"Tom {n}"}}


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]
