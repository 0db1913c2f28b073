"""An appeal is judged by somebody else than who made the contested decision, if there is one."""

import pytest

from moderation.model.decisions import Action
from moderation.model.desk import EVERYTHING, WhyNot
from moderation.model.errors import InvalidInput
from moderation.model.ids import CommentId
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.claims import hand_over, hold
from moderation.services.handing_out import HandedOut, hand_out
from tests.complaining import appealed, decide, let_sign_in
from tests.factories import Agora, flagged_comment


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
