"""Operators are told that automation has rejected as many comments as it may: once a day."""

import pytest

from moderation.model.notifications import Wishes
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.lateness import change_warning
from moderation.services.notifications import save_wishes
from moderation.services.sites import change_site
from tests.complaining import let_sign_in
from tests.evidence import SURELY, write_policy
from tests.factories import Agora, FakeClock, classify_all, submit
from tests.integration.test_capping import REJECTING
from tests.smtp_server import MailBox
from worker.mailing import mail

pytestmark = [pytest.mark.usefixtures("time_is_held"), pytest.mark.enable_socket]

SUBJECT = "Agora: automation reached its cap, 1 rejections an hour"


@pytest.fixture
def olga(sending: Runtime, agora: Agora) -> User:
    let_sign_in(sending, agora.alice, agora.olga)
    for user in (agora.alice, agora.olga):
        save_wishes(sending, user, Wishes(warnings=True))
    write_policy(sending, agora.site_id, REJECTING)
    change_site(sending, "agora", rejections_an_hour=1)
    return agora.olga


def came(runtime: Runtime, agora: Agora, *names: str) -> None:
    for name in names:
        submit(runtime, agora.site_id, name)
    classify_all(runtime, SURELY)


def test_operators_are_told_once_a_day(
    sending: Runtime, agora: Agora, olga: User, box: MailBox, clock: FakeClock
) -> None:
    change_warning(sending, "agora", 0)
    came(sending, agora, "a1")
    mail(sending)
    assert box.mails == [], "one is what may be rejected"
    came(sending, agora, "a2")
    for _ in range(3):
        mail(sending)
        clock.pass_time(minutes=30)
        came(sending, agora, f"b {clock.now()}")
    assert box.recipients == [olga.email]
    assert box.mails[0]["Subject"] == SUBJECT
    clock.pass_time(hours=23)
    came(sending, agora, "c1", "c2")
    mail(sending)
    assert [one["Subject"] for one in box.mails] == [SUBJECT] * 2


def test_one_mail_says_all_that_is_amiss(
    sending: Runtime, agora: Agora, olga: User, box: MailBox, clock: FakeClock
) -> None:
    came(sending, agora, "a1", "a2")
    clock.pass_time(hours=3)
    mail(sending)
    assert box.recipients == [olga.email]
    said = box.mails[0].get_content()
    assert "a comment waits for over 120 minutes" in said
    assert "reached its cap" in said


def test_what_is_a_day_ago_is_told_no_more(
    sending: Runtime, agora: Agora, olga: User, box: MailBox, clock: FakeClock
) -> None:
    del olga
    change_site(sending, "agora", rejections_an_hour=1)
    came(sending, agora, "a1", "a2")
    clock.pass_time(hours=24)
    mail(sending)
    assert not any("its cap" in one.get_content() for one in box.mails)
