"""Mails: whom they go to and when, once each, and nothing where nothing waits."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput, NotFound
from moderation.model.notifications import MailKind, MailWhen, Wishes
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.lateness import change_warning
from moderation.services.mailing import next_letter, note_due
from moderation.services.notifications import (
    notifications_of,
    save_wishes,
    stop_mail,
    stop_token,
)
from moderation.services.people import disable_user
from moderation.services.setting_aside import escalate
from tests.complaining import decide, let_sign_in
from tests.factories import Agora, FakeClock, flagged_comment
from tests.smtp_server import MailBox, smtp_server
from worker.mailing import mail

pytestmark = [pytest.mark.usefixtures("time_is_held"), pytest.mark.enable_socket]

WAITING = Wishes(MailWhen.WAITING, at_least=5, minutes=60)
DAILY = Wishes(MailWhen.DAILY, hour=10)


@pytest.fixture
def box() -> Iterator[MailBox]:
    with smtp_server() as made:
        yield made


@pytest.fixture
def sending(runtime: Runtime, box: MailBox) -> Runtime:
    """Return the runtime of an installation that can send mail."""
    where = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{box.port}"), "mail_from": "desk@example.org"}
    return replace(runtime, settings=runtime.settings.model_copy(update=where))


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


def test_a_link_to_stop_mails_cannot_be_made_up(sending: Runtime, agora: Agora) -> None:
    digest = stop_token(sending.settings, MailKind.DIGEST, agora.alice.id)
    for wrong in (digest.replace("digest", "warning"), digest[:-1], "digest", "x.y.z", "ä.ö.ü"):
        with pytest.raises(NotFound):
            stop_mail(sending, wrong)


def operator_wanting_warnings(runtime: Runtime, agora: Agora) -> User:
    let_sign_in(runtime, agora.alice, agora.olga, agora.mallory)
    for user in (agora.alice, agora.olga, agora.mallory):
        save_wishes(runtime, user, Wishes(warnings=True))
    return agora.olga


def test_operators_are_warned_once_until_all_was_in_time_in_between(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    olga = operator_wanting_warnings(sending, agora)
    escalated = flagged_comment(sending, agora.site_id, "c1")
    escalate(sending, agora.alice, escalated, seen=1)
    clock.pass_time(minutes=120)
    mail(sending)
    assert box.mails == []
    for _ in range(3):
        clock.pass_time(minutes=30)
        mail(sending)
    assert box.recipients == [olga.email]
    assert box.mails[0]["Subject"] == "Agora: a comment waits for over 120 minutes"
    decide(sending, olga, escalated, Action.APPROVE)
    mail(sending)
    flag(sending, agora, "c2")
    clock.pass_time(minutes=121)
    mail(sending)
    assert box.recipients == [olga.email] * 2


def test_a_site_says_how_long_is_too_long_and_may_want_no_warning(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    operator_wanting_warnings(sending, agora)
    assert change_warning(sending, "agora", 0).warn_minutes == 0
    flag(sending, agora, "c1")
    clock.pass_time(days=2)
    mail(sending)
    assert box.mails == []
    change_warning(sending, "agora", 15)
    mail(sending)
    assert "over 15 minutes" in box.mails[0]["Subject"]
    for wrong in (-1, 10_081):
        with pytest.raises(InvalidInput):
            change_warning(sending, "agora", wrong)


def test_without_a_server_nothing_is_noted(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    save_wishes(runtime, agora.alice, DAILY)
    flag(runtime, agora, "c1")
    clock.pass_time(hours=1)
    mail(runtime)
    assert next_letter(runtime) is None
