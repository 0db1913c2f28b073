"""Mails: whom they go to and when, once each, and nothing where nothing waits."""

from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from moderation.model.decisions import Action
from moderation.model.errors import NotFound
from moderation.model.notifications import MailKind, MailWhen, Wishes
from moderation.runtime import Runtime
from moderation.services.mailing import next_letter, note_due
from moderation.services.notifications import (
    notifications_of,
    save_wishes,
    stop_mail,
    stop_token,
)
from moderation.services.people import disable_user
from moderation.services.retention import forget_finished
from moderation.storage import audit, mails
from moderation.storage.database import Connection, Database
from moderation.storage.notifications import notifications
from moderation.storage.users import users
from tests.complaining import decide
from tests.factories import Agora, FakeClock, flagged_comment
from tests.smtp_server import MailBox
from tests.statements import heard
from worker.mailing import mail

pytestmark = [pytest.mark.usefixtures("time_is_held"), pytest.mark.enable_socket]

WAITING = Wishes(MailWhen.WAITING, at_least=5, minutes=60)
DAILY = Wishes(MailWhen.DAILY, hour=10)


def flag(runtime: Runtime, agora: Agora, *names: str) -> None:
    for name in names:
        flagged_comment(runtime, agora.site_id, name)


def test_a_digest_says_what_waits_and_how_to_stop_it(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    save_wishes(sending, agora.alice, WAITING)
    clock.pass_time(hours=1)
    comment_id = flagged_comment(sending, agora.site_id)
    clock.pass_time(hours=1)
    mail(sending)
    (came,) = box.mails
    base = sending.settings.base_url
    assert box.recipients == ["alice@example.org"]
    assert (came["From"], came["To"]) == ("desk@example.org", "alice@example.org")
    assert came["Subject"] == "A comment waits for you"
    assert came.get_content_type() == "text/plain"
    entry = [
        "Agora: insult, toxicity",
        "  since 2026-11-02 10:00 UTC",
        f"  {base}/comments/{comment_id}",
    ]
    assert "\n".join(entry) in box.texts()[0]
    assert "idiot" not in came.as_string()
    token = stop_token(sending.settings, MailKind.DIGEST, agora.alice.id)
    assert came["List-Unsubscribe"] == f"<{base}/stop-mail/{token}>"
    assert came["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # Parsed, a link that was divided or encoded reads the same: programs look for it as it stands.
    assert f"List-Unsubscribe: <{base}/stop-mail/{token}>\r\n".encode() in box.raw[0]


def test_nothing_is_sent_before_enough_waits_or_long_enough(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    save_wishes(sending, agora.alice, WAITING)
    clock.pass_time(hours=2)
    mail(sending)
    flag(sending, agora, "c1", "c2", "c3", "c4")
    clock.pass_time(minutes=59)
    mail(sending)
    assert box.mails == []
    flag(sending, agora, "c5")
    mail(sending)
    assert [one["Subject"] for one in box.mails] == ["5 comments wait for you"]


def test_the_same_is_not_told_again_and_no_more_than_once_an_hour(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    save_wishes(sending, agora.alice, replace(WAITING, at_least=1))
    clock.pass_time(hours=1)
    flag(sending, agora, "c1")
    for _ in range(3):
        mail(sending)
        clock.pass_time(minutes=10)
    flag(sending, agora, "c2")
    mail(sending)
    assert len(box.mails) == 1
    clock.pass_time(minutes=30)
    mail(sending)
    assert [one["Subject"] for one in box.mails][1:] == ["2 comments wait for you"]
    clock.pass_time(days=3)
    mail(sending)
    assert len(box.mails) == 2


def test_a_daily_digest_comes_at_its_hour_where_anything_waits(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    save_wishes(sending, agora.alice, DAILY)
    flag(sending, agora, "c1")
    clock.pass_time(minutes=59)
    mail(sending)
    assert box.mails == []
    clock.pass_time(minutes=1)
    for _ in range(2):
        mail(sending)
        clock.pass_time(minutes=1)
    assert len(box.mails) == 1
    clock.pass_time(days=1)
    mail(sending)
    assert len(box.mails) == 2


def test_where_nothing_waits_nothing_is_sent_and_not_later_on_that_day(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    save_wishes(sending, agora.alice, DAILY)
    clock.pass_time(hours=1)
    mail(sending)
    flag(sending, agora, "c1")
    clock.pass_time(hours=1)
    mail(sending)
    assert box.mails == []


def test_a_mail_holds_the_text_only_of_what_waits_when_it_is_sent_and_only_if_chosen(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    save_wishes(sending, agora.alice, replace(DAILY, with_text=True))
    gone = flagged_comment(sending, agora.site_id, "c1")
    clock.pass_time(hours=1)
    note_due(sending)
    decide(sending, agora.alice, gone, Action.REJECT)
    mail(sending)
    assert box.mails == []
    flag(sending, agora, "c2")
    clock.pass_time(days=1)
    mail(sending)
    assert "  You are an idiot.\n" in box.texts()[0]


def test_a_mail_that_cannot_be_written_stops_no_other(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    for user in (agora.alice, agora.olga):
        save_wishes(sending, user, DAILY)
    flag(sending, agora, "c1")
    clock.pass_time(hours=1)
    with sending.transaction() as connection:
        broken = update(users).where(users.c.id == agora.alice.id).values(email="a@[example.org")
        connection.execute(broken)
    with capture_logs() as logs:
        mail(sending)
    assert box.recipients == [agora.olga.email]
    (told,) = [line for line in logs if line["event"] == "mail_not_written"]
    assert "a@[example.org" not in str(told)
    clock.pass_time(minutes=1)
    mail(sending)
    with sending.transaction() as connection:
        connection.execute(broken.values(email="alice@example.org"))
    clock.pass_time(minutes=1)
    mail(sending)
    assert box.recipients == [agora.olga.email, "alice@example.org"]


def test_a_person_whose_digest_fails_keeps_nobody_else_from_theirs(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    for user in (agora.alice, agora.olga):
        save_wishes(sending, user, DAILY)
    flag(sending, agora, "c1")
    clock.pass_time(hours=1)
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
    save_wishes(sending, agora.alice, DAILY)
    flag(sending, agora, "c1")
    clock.pass_time(hours=1)
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
    save_wishes(sending, agora.alice, DAILY)
    flag(sending, agora, "c1")
    clock.pass_time(hours=1)
    note_due(sending)
    lost = next_letter(sending)
    assert lost
    mail(sending)
    assert box.mails == []
    clock.pass_time(minutes=15)
    mail(sending)
    assert [one["Message-ID"] for one in box.mails] == [lost.message["Message-ID"]]


def test_a_mail_that_nobody_takes_for_a_day_is_given_up(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    save_wishes(sending, agora.alice, DAILY)
    flag(sending, agora, "c1")
    clock.pass_time(hours=1)
    box.refuse = "450 later"
    mail(sending)
    save_wishes(sending, agora.alice, WAITING)
    clock.pass_time(hours=24)
    mail(sending)
    assert next_letter(sending) is None


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
    assert [one["Subject"] for one in box.mails] == ["A comment waits for you"]


def test_who_changes_how_they_are_told_is_told_what_waits_already(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    flag(sending, agora, "c1")
    clock.pass_time(hours=1)
    for with_text in (False, True):
        save_wishes(sending, agora.alice, replace(WAITING, with_text=with_text))
        clock.pass_time(minutes=1)
        flag(sending, agora, f"text-{with_text}")
        clock.pass_time(minutes=30)
    mail(sending)
    assert [one["Subject"] for one in box.mails] == ["3 comments wait for you"]
    save_wishes(sending, agora.alice, Wishes())
    flag(sending, agora, "while-off")
    clock.pass_time(hours=2)
    save_wishes(sending, agora.alice, WAITING)
    mail(sending)
    assert len(box.mails) == 1


def test_looking_for_what_is_due_writes_nothing_where_nothing_is(
    sending: Runtime, agora: Agora, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    open_one = Database.transaction

    def counted(database: Database) -> AbstractContextManager[Connection]:
        opened.append(database)
        return open_one(database)

    for user in (agora.alice, agora.olga):
        save_wishes(sending, user, WAITING)
    clock.pass_time(minutes=1)
    flag(sending, agora, "c1")
    clock.pass_time(minutes=59)
    monkeypatch.setattr(Database, "transaction", counted)
    note_due(sending)
    assert opened == []
    clock.pass_time(minutes=1)
    note_due(sending)
    assert len(opened) == 2


def test_nothing_is_counted_for_whom_a_digest_would_be_too_early(
    sending: Runtime, agora: Agora, clock: FakeClock
) -> None:
    save_wishes(sending, agora.alice, DAILY)
    save_wishes(sending, agora.olga, WAITING)
    flag(sending, agora, "c1")
    for minutes, counts in ((59, 0), (1, 2)):
        clock.pass_time(minutes=minutes)
        with heard(sending) as said:
            note_due(sending)
        assert len([one for one in said if "count(" in one.text]) == counts


def test_a_mail_on_its_way_is_not_sent_to_whoever_stopped_it_or_left(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    for user in (agora.alice, agora.olga):
        save_wishes(sending, user, DAILY)
    flag(sending, agora, "c1")
    clock.pass_time(hours=1)
    note_due(sending)
    stop_mail(sending, stop_token(sending.settings, MailKind.DIGEST, agora.alice.id))
    disable_user(sending, agora.olga.email)
    mail(sending)
    clock.pass_time(days=1)
    mail(sending)
    assert box.mails == []
    assert notifications_of(sending, agora.alice).wishes.mail is MailWhen.OFF


def test_a_link_that_stops_mails_leaves_one_mark_however_often_it_is_opened(
    sending: Runtime, agora: Agora
) -> None:
    save_wishes(sending, agora.alice, DAILY)
    for _ in range(3):
        stop_mail(sending, stop_token(sending.settings, MailKind.DIGEST, agora.alice.id))
    with sending.reading() as connection:
        noted = select(audit.audit).where(audit.audit.c.action == "mail-stop")
        assert len(list(connection.execute(noted))) == 1


def test_a_link_to_stop_mails_cannot_be_made_up(sending: Runtime, agora: Agora) -> None:
    digest = stop_token(sending.settings, MailKind.DIGEST, agora.alice.id)
    for wrong in (digest.replace("digest", "warning"), digest[:-1], "digest", "x.y.z", "ä.ö.ü"):
        with pytest.raises(NotFound):
            stop_mail(sending, wrong)


def test_without_a_server_nothing_is_noted(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    save_wishes(runtime, agora.alice, DAILY)
    flag(runtime, agora, "c1")
    clock.pass_time(hours=1)
    mail(runtime)
    assert next_letter(runtime) is None


def test_a_mail_that_nobody_sends_is_forgotten_after_a_day(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    save_wishes(runtime, agora.alice, DAILY)
    flag(runtime, agora, "c1")
    clock.pass_time(hours=1)
    note_due(runtime)
    clock.pass_time(hours=23)
    forget_finished(runtime)
    with runtime.reading() as connection:
        assert mails.on_their_way(connection, agora.alice.id, MailKind.DIGEST)
    clock.pass_time(hours=2)
    forget_finished(runtime)
    with runtime.reading() as connection:
        assert not mails.on_their_way(connection, agora.alice.id, MailKind.DIGEST)
