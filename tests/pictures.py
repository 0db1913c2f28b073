"""Makes the pictures of the desk that the README and the documentation show.

`make pictures`: a fresh installation gets the demonstration's thread, and Chromium looks at it.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from moderation.cli.demo_client import DemoClient, read_thread
from moderation.model.people import Role
from moderation.services.people import add_user, set_password
from tests.e2e.conftest import CHROMIUM_FLAGS, OLGA, PASSWORD
from tests.e2e.desk import sign_in
from tests.installation import Installation, installation, wait_until

FOLDER = Path("docs/images")
WIDTH, HEIGHT = 1280, 900
MARKED_COMMENTS = 3
"""So many explanations are waited for: they come after the decisions."""

PAGES = {
    "queue": "/queue",
    "thresholds": "/thresholds",
    "shift": "/shift",
}


def main() -> None:
    """Take all pictures anew."""
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder)) as desk:
        _fill(desk)
        with _browser() as browser:
            page = browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT},
                base_url=desk.settings.base_url,
                color_scheme="light",
            )
            sign_in(page, desk.settings.base_url)
            for name, path in PAGES.items():
                page.goto(path)
                _take(page, name)
            page.goto("/queue")
            page.get_by_role("link", name="Details").first.click()
            page.wait_for_load_state()
            _take(page, "comment")


def _fill(desk: Installation) -> None:
    olga = add_user(desk.runtime, OLGA, "Olga", Role.OPERATOR, ["agora"])
    set_password(desk.runtime, olga.id, PASSWORD)
    desk.start()
    desk.ready()
    with DemoClient(desk.settings.base_url, desk.key) as client:
        client.await_decisions([client.post(comment) for comment in read_thread()])
    counting = "SELECT count(*) FROM classifications WHERE marks IS NOT NULL"
    wait_until(lambda: desk.rows(counting)[0][0] >= MARKED_COMMENTS)


@contextmanager
def _browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def _take(page: Page, name: str) -> None:
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    print(path)  # noqa: T201 - who waits wants to see that it goes on


if __name__ == "__main__":
    main()
