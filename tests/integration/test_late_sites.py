"""Warnings by mail: that a comment of a site waits too long, once for each episode."""

from collections.abc import Callable

import pytest

from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput
from moderation.model.ids import CommentId
from moderation.model.notifications import MailKind, Wishes
from moderation.model.people import Role, User
from moderation.runtime import Runtime
from moderation.services.lateness import change_warning
from moderation.services.mailing import note_due
from moderation.services.notifications import save_wishes, stop_mail, stop_token
from moderation.services.people import change_role, join_site, leave_site
from moderation.services.setting_aside import escalate
from tests.complaining import decide, let_sign_in
from tests.factories import Agora, FakeClock, flagged_comment
from tests.smtp_server import MailBox
from worker.mailing import mail

pytestmark = [pytest.mark.usefixtures("time_is_held"), pytest.mark.enable_socket]


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
    flagged_comment(sending, agora.site_id, "c2")
    clock.pass_time(minutes=121)
    mail(sending)
    assert box.recipients == [olga.email] * 2


def stopped(runtime: Runtime, agora: Agora, _: CommentId) -> None:
    stop_mail(runtime, stop_token(runtime.settings, MailKind.WARNING, agora.olga.id))


def no_operator_any_more(runtime: Runtime, agora: Agora, _: CommentId) -> None:
    change_role(runtime, agora.olga.email, Role.MODERATOR)


def at_another_site(runtime: Runtime, agora: Agora, _: CommentId) -> None:
    join_site(runtime, agora.olga.email, "boule")
    leave_site(runtime, agora.olga.email, "agora")


def in_time_again(runtime: Runtime, agora: Agora, late: CommentId) -> None:
    decide(runtime, agora.alice, late, Action.APPROVE)


@pytest.mark.parametrize(
    "meanwhile", [stopped, no_operator_any_more, at_another_site, in_time_again]
)
def test_a_warning_on_its_way_is_withheld_from_whom_it_does_not_concern_any_more(
    sending: Runtime,
    agora: Agora,
    box: MailBox,
    clock: FakeClock,
    meanwhile: Callable[[Runtime, Agora, CommentId], None],
) -> None:
    operator_wanting_warnings(sending, agora)
    late = flagged_comment(sending, agora.site_id)
    clock.pass_time(minutes=121)
    note_due(sending)
    meanwhile(sending, agora, late)
    mail(sending)
    clock.pass_time(hours=1)
    mail(sending)
    assert box.mails == []


def test_a_site_says_how_long_is_too_long_and_may_want_no_warning(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    operator_wanting_warnings(sending, agora)
    assert change_warning(sending, "agora", 0).warn_minutes == 0
    flagged_comment(sending, agora.site_id, "c1")
    clock.pass_time(days=2)
    mail(sending)
    assert box.mails == []
    change_warning(sending, "agora", 15)
    mail(sending)
    assert "over 15 minutes" in box.mails[0]["Subject"]
    for wrong in (-1, 10_081):
        with pytest.raises(InvalidInput):
            change_warning(sending, "agora", wrong)


def test_a_warning_on_its_way_is_not_joined_by_a_second_of_the_same_site(
    sending: Runtime, agora: Agora, box: MailBox, clock: FakeClock
) -> None:
    olga = operator_wanting_warnings(sending, agora)
    for name in ("c1", "c2"):
        late = flagged_comment(sending, agora.site_id, name)
        clock.pass_time(minutes=121)
        note_due(sending)
        if name == "c1":
            decide(sending, olga, late, Action.APPROVE)
            note_due(sending)
    mail(sending)
    assert box.recipients == [olga.email]
