"""Preferences hold in feeds and digests too: what is hidden, and what colleagues take instead."""

import pytest

from moderation.model.ids import CommentId
from moderation.model.notifications import MailWhen, Wishes
from moderation.model.preferences import Preferences
from moderation.model.reviews import Cause
from moderation.runtime import Runtime
from moderation.services.mailing import note_due
from moderation.services.notifications import make_feed, read_feed, save_wishes
from moderation.services.preferences import choose
from tests.factories import HOSTILE, Agora, FakeClock
from tests.mailing import on_its_way
from tests.preferences import NO_THREATS, THREAT, comes_on, flagged

pytestmark = pytest.mark.usefixtures("time_is_held_now")


def test_a_feed_has_no_text_that_is_hidden_and_nothing_that_a_colleague_takes(
    runtime: Runtime, agora: Agora
) -> None:
    threat = flagged(runtime, agora.site_id, "threat", THREAT)
    insult = flagged(runtime, agora.site_id, "insult", HOSTILE)
    save_wishes(runtime, agora.alice, Wishes(with_text=True))
    token = make_feed(runtime, agora.alice)

    def texts() -> dict[CommentId, str | None]:
        return {one.comment_id: one.text for one in read_feed(runtime, token).waiting}

    assert texts() == {threat: "The text of threat.", insult: "The text of insult."}
    choose(runtime, agora.alice, Preferences(hide=Cause.THREAT))
    assert texts() == {threat: None, insult: "The text of insult."}
    choose(runtime, agora.alice, NO_THREATS)
    assert texts() == {threat: None, insult: "The text of insult."}, "nobody else is on"
    comes_on(runtime, agora.olga)
    assert texts() == {insult: "The text of insult."}


def test_a_digest_is_not_due_for_what_a_colleague_takes(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    save_wishes(runtime, agora.alice, Wishes(MailWhen.WAITING, at_least=1))
    choose(runtime, agora.alice, NO_THREATS)
    clock.pass_time(hours=1)
    comes_on(runtime, agora.olga)

    def is_due() -> bool:
        note_due(runtime)
        return on_its_way(runtime, agora.alice)

    flagged(runtime, agora.site_id, "threat", THREAT)
    assert not is_due()
    flagged(runtime, agora.site_id, "insult", HOSTILE)
    assert is_due()
