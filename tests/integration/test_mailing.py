"""Mails: whom they go to and when, once each, and nothing where nothing waits."""

from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from sqlalchemy import select

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
from moderation.storage import audit
from moderation.storage.database import Connection, Database
from tests.complaining import decide
from tests.factories import Agora, FakeClock, flagged_comment
from tests.mailing import DAILY, WAITING, due, flag, mailed
from tests.smtp_server import MailBox
from tests.statements import heard
from worker.mailing import mail

pytestmark = [pytest.mark.usefixtures("time_is_held"), pytest.mark.enable_socket]


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
    assert mailed(box) == ["5 comments wait for you"]


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
    assert mailed(box)[1:] == ["2 comments wait for you"]
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
    assert mailed(box) == ["3 comments wait for you"]
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
    due(sending, agora, clock, agora.alice, agora.olga)
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
    due(runtime, agora, clock)
    mail(runtime)
    assert next_letter(runtime) is None
