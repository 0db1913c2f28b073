"""What sites and people do at the installation of the end-to-end tests, and what they see there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from moderation.model.people import Role
from moderation.services.endpoints import add_endpoint, disable_endpoint
from moderation.services.people import add_user, set_password
from moderation.services.sites import find_site
from tests.e2e.conftest import OLGA, PASSWORD, Copydesk
from tests.factories import INSULT
from tests.installation import wait_until
from tests.receivers import Receiver, receiver


def sign_in(page: Page, base_url: str, email: str = OLGA, *, wanted: str = "/queue") -> None:
    """Ask for a page, sign in, and wait until the queue is there."""
    page.goto(base_url + wanted)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{base_url}/queue")


def colleague(copydesk: Copydesk, name: str) -> str:
    """Add a moderator beside Olga; return the address with which they sign in."""
    runtime, email = copydesk.installation.runtime, f"{uuid4().hex}@example.org"
    made = add_user(runtime, email, name, Role.MODERATOR, ["agora"])
    set_password(runtime, made.id, PASSWORD)
    return email


def new_mark() -> str:
    """Return a name of an author by which a comment can be told apart.

    Not for texts: some random letters look like a threat to the classifier.
    """
    return f"mark {uuid4().hex[:8]}"


def post(copydesk: Copydesk, text: str, **author: str) -> str:
    """Post a comment; return its address once it is decided."""
    desk = copydesk.installation
    comment = {"external_id": uuid4().hex, "text": text, "author": author}
    at: str = desk.post("/v1/comments", comment, Prefer="wait=10").body["links"]["self"]
    wait_until(lambda: status(copydesk, at) != "pending")
    return at


def status(copydesk: Copydesk, at: str) -> str:
    return str(copydesk.installation.get(at).body["status"])


def flag(copydesk: Copydesk, *texts: str) -> list[str]:
    """Post insults that are flagged; return the names of their authors, each another."""
    marks = []
    for text in texts or ("Again.",):
        marks.append(new_mark())
        at = post(copydesk, f"{INSULT} {text}", name=marks[-1])
        assert status(copydesk, at) == "flagged", text
    return marks


def card(page: Page, mark: str) -> Locator:
    return page.get_by_role("article").filter(has_text=mark)


def ids(page: Page, marks: list[str]) -> list[str]:
    found = [card(page, mark).get_attribute("id") for mark in marks]
    return [(one or "").removeprefix("c-") for one in found]


def order(page: Page, marks: list[str]) -> list[str]:
    """Return these marks as the queue shows them."""
    names = page.locator("article.card h2").all_inner_texts()
    return [name for name in names if name in marks]


def statuses(copydesk: Copydesk, comment_ids: list[str]) -> list[str]:
    return [status(copydesk, f"/v1/comments/{one}") for one in comment_ids]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def looks_again(page: Page) -> None:
    """Wait until the page of a bulk has drawn its state anew."""
    page.evaluate("document.querySelector('#bulk-state').dataset.old = 'yes'")
    expect(page.locator("#bulk-state:not([data-old])")).to_be_attached()


@dataclass(frozen=True)
class Told:
    """A server of the site's, and the secret that its webhooks are signed with."""

    site: Receiver
    secret: str


@contextmanager
def told(copydesk: Copydesk) -> Iterator[Told]:
    """Let the site be told of decisions for a while."""
    runtime = copydesk.installation.runtime
    with receiver() as site:
        added = add_endpoint(runtime, find_site(runtime, "agora").id, site.url)
        try:
            yield Told(site, added.secret)
        finally:
            disable_endpoint(runtime, added.id)
