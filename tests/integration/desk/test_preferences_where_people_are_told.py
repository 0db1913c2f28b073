"""Preferences hold in feeds and digests too: what is hidden, and what colleagues take instead."""

from collections.abc import Callable

import pytest

from moderation.model.ids import CommentId
from moderation.model.labels import Label
from moderation.model.notifications import MailKind, MailWhen, Wishes
from moderation.model.people import User
from moderation.model.preferences import Preferences
from moderation.model.reviews import Cause
from moderation.runtime import Runtime
from moderation.services.mailing import note_due
from moderation.services.notifications import make_feed, read_feed, save_wishes
from moderation.services.passwords import hash_password
from moderation.services.preferences import choose
from moderation.services.sign_in import sign_in
from moderation.storage import mails, users
from tests.factories import CIVIL, HOSTILE, Agora, FakeClock, classify_all, submit

PASSWORD = "correct horse battery staple"  # noqa: S105 - for tests
THREAT = CIVIL | {Label.THREAT: 0.9}
NO_THREATS = Preferences(opt_out=Cause.THREAT)

pytestmark = pytest.mark.usefixtures("time_is_held_now")

Flag = Callable[[str, dict[Label, float]], CommentId]


@pytest.fixture
def flag(runtime: Runtime, agora: Agora) -> Flag:
    def flagged(name: str, scores: dict[Label, float]) -> CommentId:
        submitted = submit(runtime, agora.site_id, name, text=f"The text of {name}.")
        classify_all(runtime, scores)
        return submitted.comment_id

    return flagged


def comes_on(runtime: Runtime, user: User) -> None:
    with runtime.transaction() as connection:
        users.set_password_hash(connection, user.id, hash_password(PASSWORD))
    sign_in(runtime, user.email, PASSWORD)


def test_a_feed_has_no_text_that_is_hidden_and_nothing_that_a_colleague_takes(
    runtime: Runtime, agora: Agora, flag: Flag
) -> None:
    threat, insult = flag("threat", THREAT), flag("insult", HOSTILE)
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
    runtime: Runtime, agora: Agora, clock: FakeClock, flag: Flag
) -> None:
    save_wishes(runtime, agora.alice, Wishes(MailWhen.WAITING, at_least=1))
    choose(runtime, agora.alice, NO_THREATS)
    clock.pass_time(hours=1)
    comes_on(runtime, agora.olga)

    def is_due() -> bool:
        note_due(runtime)
        with runtime.reading() as connection:
            return mails.on_their_way(connection, agora.alice.id, MailKind.DIGEST)

    flag("threat", THREAT)
    assert not is_due()
    flag("insult", HOSTILE)
    assert is_due()
