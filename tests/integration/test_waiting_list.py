"""The waiting list of one person: what is counted is what is listed."""

from datetime import datetime

import pytest

from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.setting_aside import escalate
from moderation.services.waiting_list import new_since, waiting_list
from tests.complaining import appealed, decide, let_sign_in
from tests.factories import Agora, FakeClock, flagged_comment
from tests.statements import heard

pytestmark = pytest.mark.usefixtures("time_is_held")


def listed(runtime: Runtime, user: User) -> list[CommentId]:
    with runtime.reading() as connection:
        found = waiting_list(runtime, connection, user, with_text=False)
    return [one.comment_id for one in found]


def counted(runtime: Runtime, user: User, since: datetime) -> int:
    with runtime.reading() as connection:
        number, _ = new_since(runtime, connection, user, since)
    return number


def test_what_others_have_to_judge_is_neither_listed_nor_counted(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    let_sign_in(runtime, agora.alice, agora.olga)
    start = clock.now()
    clock.pass_time(minutes=1)
    contested, escalated, plain = (
        flagged_comment(runtime, agora.site_id, name)
        for name in ("contested", "escalated", "plain")
    )
    decide(runtime, agora.alice, contested, Action.REJECT)
    appealed(runtime, agora.site_id, contested)
    escalate(runtime, agora.alice, escalated, seen=1)
    for user, theirs in ((agora.alice, {plain}), (agora.olga, {plain, escalated, contested})):
        assert set(listed(runtime, user)) == theirs
        assert counted(runtime, user, start) == len(theirs), user.name


def test_it_reads_nothing_that_only_cards_show(runtime: Runtime, agora: Agora) -> None:
    flagged_comment(runtime, agora.site_id)
    with heard(runtime) as said:
        assert len(listed(runtime, agora.alice)) == 1
    assert [one.text for one in said if "FROM classifications" in one.text] == []
