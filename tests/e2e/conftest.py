"""One whole installation of real processes for all end-to-end tests, and a real browser."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType, ConsoleMessage, Page, expect

from moderation.model.desk import EVERYTHING, Filter
from moderation.model.people import Role
from moderation.services.audit_sampling import change_audit
from moderation.services.erasure import erase
from moderation.services.people import add_user, find_user, set_password
from moderation.services.queue import queue_page
from tests.installation import Installation, installation, wait_until

OLGA = "olga@example.org"
PASSWORD = "correct horse battery staple"  # noqa: S105 - for tests
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-dev-shm-usage",
]


# Five seconds are not enough for a slow machine that does other things too.
expect.set_options(timeout=30_000)


@dataclass(frozen=True)
class Copydesk:
    """A running installation as its users see it."""

    base_url: str
    api_key: str
    email: str
    password: str
    installation: Installation


@contextmanager
def operated(folder: Path, worker_app: str = "worker.app") -> Iterator[Copydesk]:
    """Run everything; Olga operates the site Agora."""
    with installation(folder) as made:
        olga = add_user(made.runtime, OLGA, "Olga", Role.OPERATOR, ["agora"])
        set_password(made.runtime, olga.id, PASSWORD)
        # Else chance would keep some of what earlier tests posted for the tests of the audit.
        change_audit(made.runtime, "agora", 0.0)
        made.worker_app = worker_app
        made.start()
        made.ready()
        url = f"http://127.0.0.1:{made.settings.port}"
        yield Copydesk(url, made.key, OLGA, PASSWORD, made)


@pytest.fixture(scope="session")
def copydesk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copydesk]:
    """Run everything, for all tests."""
    with operated(tmp_path_factory.mktemp("copydesk")) as made:
        yield made


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Copydesk]:
    """Run everything, for one test: nobody has touched the site's thresholds."""
    with operated(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def base_url(copydesk: Copydesk) -> str:
    """Let tests name pages by their path."""
    return copydesk.base_url


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type: BrowserType, browser_type_launch_args: dict[str, object]
) -> dict[str, object]:
    """Take the Chromium on the PATH, else Playwright's own; without either there is no test."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    chosen = found or browser_type.executable_path
    if not Path(chosen).exists():
        pytest.skip('there is no Chromium: install one, or run "playwright install chromium"')
    return browser_type_launch_args | {"executable_path": chosen, "args": CHROMIUM_FLAGS}


@pytest.fixture
def empty_queue(copydesk: Copydesk) -> None:
    """Let the site withdraw whatever earlier tests left in the queue, or are about to leave."""
    runtime = copydesk.installation.runtime
    olga = find_user(runtime, copydesk.email)

    def is_empty() -> bool:
        if not copydesk.installation.all_decided():
            return False
        pages = [
            queue_page(runtime, olga, list(olga.site_ids), part)
            for part in (EVERYTHING, Filter(escalated=True))
        ]
        left = [card for page in pages for card in (*page.handed, *page.cards, *page.skipped)]
        for card in left:
            erase(runtime, card.comment.site_id, card.comment.id)
        return not left

    wait_until(is_empty)


@pytest.fixture
def quiet_page(page: Page) -> Iterator[Page]:
    """Yield a page that must not complain: no error, no refused script or style, no dialog."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    yield page
    assert complaints == []
