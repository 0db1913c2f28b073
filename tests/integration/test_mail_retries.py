"""Mails that cannot be written or delivered: tried again for a day, and then given up."""

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.mailing import next_letter, note_due
from moderation.services.notifications import save_wishes
from moderation.services.retention import forget_finished
from moderation.storage.notifications import notifications
from moderation.storage.users import users
from tests.factories import Agora, FakeClock
from tests.mailing import WAITING, due, flag, mailed, on_its_way
from tests.smtp_server import MailBox
from worker.mailing import mail

pytestmark = [pytest.mark.usefixtures("time_is_held"), pytest.mark.enable_socket]


def set_address(runtime: Runtime, user: User, email: str) -> None:
    with runtime.transaction() as connection:
        connection.execute(update(users).where(users.c.id == user.id).values(email=email))


def test_a_mail_that_cannot_be_written_stops_no_other(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    due(sending, agora, clock, agora.alice, agora.olga)
    set_address(sending, agora.alice, "a@[example.org")
    with capture_logs() as logs:
        mail(sending)
    assert box.recipients == [agora.olga.email]
    (told,) = [line for line in logs if line["event"] == "mail_not_written"]
    assert "a@[example.org" not in str(told)
    clock.pass_time(minutes=1)
    mail(sending)
    set_address(sending, agora.alice, "alice@example.org")
    clock.pass_time(minutes=1)
    mail(sending)
    assert box.recipients == [agora.olga.email, "alice@example.org"]


def test_a_person_whose_digest_fails_keeps_nobody_else_from_theirs(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    due(sending, agora, clock, agora.alice, agora.olga)
    with sending.transaction() as connection:
        # No hour of a day.
        whose = notifications.c.user_id == agora.alice.id
        connection.execute(update(notifications).where(whose).values(hour=99))
    mail(sending)
    assert box.recipients == [agora.olga.email]


@pytest.mark.parametrize("answer", ["450 later", "550 no such person"])
def test_what_a_server_refuses_is_tried_again_unless_it_never_takes_it(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock, answer: str
) -> None:
    due(sending, agora, clock)
    box.refuse = answer
    mail(sending)
    clock.pass_time(minutes=1)
    box.refuse = ""
    mail(sending)
    assert box.mails == []
    clock.pass_time(minutes=1)
    for _ in range(2):
        mail(sending)
    assert len(box.mails) == (1 if answer.startswith("4") else 0)


def test_whoever_dies_while_sending_has_it_sent_again_as_the_same_message(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    due(sending, agora, clock)
    note_due(sending)
    lost = next_letter(sending)
    assert lost
    mail(sending)
    assert box.mails == []
    clock.pass_time(minutes=15)
    mail(sending)
    assert [one["Message-ID"] for one in box.mails] == [lost.message["Message-ID"]]


def test_a_mail_that_nobody_takes_or_can_write_for_a_day_is_given_up(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    due(sending, agora, clock, agora.alice, agora.olga)
    set_address(sending, agora.alice, "a@[example.org")
    box.refuse = "450 later"
    for hours in (0, 23):
        clock.pass_time(hours=hours)
        mail(sending)
    assert [on_its_way(sending, one) for one in (agora.alice, agora.olga)] == [True, True]
    clock.pass_time(hours=1)
    mail(sending)
    assert [on_its_way(sending, one) for one in (agora.alice, agora.olga)] == [False, False]


def test_what_a_mail_that_was_given_up_would_have_told_is_told_by_another(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    save_wishes(sending, agora.alice, WAITING)
    clock.pass_time(minutes=1)
    flag(sending, agora, "c1")
    clock.pass_time(hours=1)
    box.refuse = "450 later"
    for _ in range(2):
        mail(sending)
        clock.pass_time(hours=24)
    box.refuse = ""
    for _ in range(2):
        mail(sending)
    assert mailed(box) == ["A comment waits for you"]


def test_a_mail_that_nobody_sends_is_forgotten_after_a_day(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    due(runtime, agora, clock)
    note_due(runtime)
    clock.pass_time(hours=23)
    forget_finished(runtime)
    assert on_its_way(runtime, agora.alice)
    clock.pass_time(hours=2)
    forget_finished(runtime)
    assert not on_its_way(runtime, agora.alice)
