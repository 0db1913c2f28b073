"""An operator who does not sit before the desk is told by e-mail that a comment waits too long."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from moderation.model.people import Role
from moderation.services.lateness import change_warning
from moderation.services.people import add_user, set_password
from tests.e2e.conftest import OLGA, PASSWORD, Copydesk
from tests.e2e.desk import card, flag, sign_in
from tests.installation import installation, wait_until
from tests.smtp_server import MailBox, smtp_server

pytestmark = pytest.mark.browser


@pytest.fixture
def box() -> Iterator[MailBox]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def mailing(tmp_path: Path, box: MailBox) -> Iterator[Copydesk]:
    """Run everything, with a server that takes its mails; Olga operates the site."""
    with installation(tmp_path) as made:
        server = {
            "COPYDESK_SMTP_URL": f"smtp://127.0.0.1:{box.port}",
            "COPYDESK_MAIL_FROM": "desk@agora.example",
        }
        made.variables = {"web": server, "deliveries": server}
        olga = add_user(made.runtime, OLGA, "Olga", Role.OPERATOR, ["agora"])
        set_password(made.runtime, olga.id, PASSWORD)
        change_warning(made.runtime, "agora", 1)
        made.start()
        made.ready()
        url = f"http://127.0.0.1:{made.settings.port}"
        yield Copydesk(url, made.key, OLGA, PASSWORD, made)


def test_whoever_asked_for_it_is_warned_once_and_decides_at_the_desk(
    mailing: Copydesk, box: MailBox, page: Page
) -> None:
    sign_in(page, mailing.base_url)
    page.goto(f"{mailing.base_url}/notifications")
    expect(page.get_by_text("This installation sends no mail yet")).to_have_count(0)
    page.get_by_label("When a comment waits too long").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".banner")).to_have_text("Your notifications are saved.")
    [mark] = flag(mailing, "one")
    # It waits for over a minute, and beat looks once a minute.
    wait_until(lambda: bool(box.mails), seconds=240)
    assert box.recipients == [OLGA]
    assert box.mails[0]["Subject"] == "Agora: a comment waits for over 1 minute"
    [queue] = re.findall(r"The queue: (\S+)", box.texts()[0])
    page.goto(queue)
    card(page, mark).get_by_role("button", name="Approve").click()
    expect(card(page, mark)).to_have_count(0)
    sources = "SELECT source FROM decisions ORDER BY sequence"
    wait_until(lambda: mailing.installation.rows(sources)[-1] == ("moderator",))
    assert len(box.mails) == 1
