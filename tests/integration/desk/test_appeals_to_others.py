"""An appeal is judged by somebody who did not judge the comment before, if there is one."""

import pytest

from moderation.model.decisions import Action
from moderation.model.desk import EVERYTHING, WhyNot
from moderation.model.errors import Forbidden, InvalidInput
from moderation.model.ids import CommentId
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.claims import hand_over, hold, let_go
from moderation.services.handing_out import HandedOut, hand_out
from moderation.services.second_looks import change_share, look, next_look
from moderation.storage import users
from tests.complaining import appealed, decide, let_sign_in
from tests.factories import Agora, add_bob, flagged_comment


@pytest.fixture
def contested(runtime: Runtime, agora: Agora) -> CommentId:
    """Return a comment whose author appeals against what Alice decided."""
    comment_id = flagged_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.REJECT)
    appealed(runtime, agora.site_id, comment_id)
    return comment_id


def handed_out(runtime: Runtime, user: User) -> HandedOut:
    return hand_out(runtime, user, list(user.site_ids), EVERYTHING)


def test_it_is_handed_out_to_another_and_kept_by_nobody_who_cannot_judge_it(
    runtime: Runtime, agora: Agora, contested: CommentId
) -> None:
    let_sign_in(runtime, agora.alice, agora.olga)
    assert handed_out(runtime, agora.alice) == HandedOut(None)
    assert not hold(runtime, agora.alice, contested, None)
    with pytest.raises(InvalidInput, match="Alice may not decide"):
        hand_over(runtime, agora.olga, contested, agora.alice.id, word=None)
    card = handed_out(runtime, agora.olga).card
    assert card is not None
    assert card.comment.id == contested
    assert (card.why_not(agora.alice), card.why_not(agora.olga)) == (WhyNot.APPEALED, None)
    assert handed_out(runtime, agora.alice).held == (), "she waits for nothing that Olga leaves"


@pytest.mark.parametrize("second", [Action.REJECT, Action.APPROVE])
def test_who_took_a_second_look_has_judged_it_too(
    runtime: Runtime, agora: Agora, second: Action
) -> None:
    bob = add_bob(runtime, agora.site_id)
    let_sign_in(runtime, agora.alice, agora.olga, bob)
    change_share(runtime, "agora", 1.0)
    comment_id = flagged_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.REJECT)
    given = next_look(runtime, bob, [agora.site_id])
    assert given is not None
    look(runtime, bob, given.id, second, seen=2)
    appealed(runtime, agora.site_id, comment_id)
    assert handed_out(runtime, bob).card is None
    with pytest.raises(Forbidden, match="judged this comment before"):
        decide(runtime, bob, comment_id, Action.APPROVE)
    card = handed_out(runtime, agora.olga).card
    assert card is not None
    assert (card.why_not(bob), card.why_not(agora.olga)) == (WhyNot.APPEALED, None)
    let_go(runtime, agora.olga, comment_id)
    with runtime.transaction() as connection:
        users.set_disabled(connection, agora.olga.id, runtime.database_now(connection))
    card = handed_out(runtime, bob).card
    assert card is not None, "nobody else is there but who decided"
    assert (card.why_not(bob), card.why_not(agora.alice)) == (None, WhyNot.APPEALED)
    with pytest.raises(Forbidden):
        decide(runtime, agora.alice, comment_id, Action.APPROVE, alone=True)
    decide(runtime, bob, comment_id, Action.APPROVE)


def test_who_is_alone_gets_it(runtime: Runtime, agora: Agora, contested: CommentId) -> None:
    let_sign_in(runtime, agora.alice)
    card = handed_out(runtime, agora.alice).card
    assert card is not None
    assert card.comment.id == contested
    assert hold(runtime, agora.alice, contested, None)


def test_who_never_chose_a_password_is_handed_nothing(
    runtime: Runtime, agora: Agora, contested: CommentId
) -> None:
    with pytest.raises(InvalidInput, match="no such colleague"):
        hand_over(runtime, agora.alice, contested, agora.olga.id, word=None)
