"""Which decisions chance never chooses for a second look, although all others are looked at."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from moderation.model.decisions import Action
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.moderating import undo
from moderation.services.second_looks import change_share, look, next_look
from moderation.storage.second_looks import second_looks
from tests.bulks import begin, chosen, run
from tests.complaining import appealed, approved_comment, decide, let_sign_in
from tests.factories import Agora, add_bob, flagged_comment


def flag(runtime: Runtime, agora: Agora, _bob: User) -> None:
    """Send what the classifier approved to the queue."""
    comment_id = approved_comment(runtime, agora.site_id)
    change_share(runtime, "agora", 1.0)
    decide(runtime, agora.alice, comment_id, Action.FLAG)


def answer_an_appeal(runtime: Runtime, agora: Agora, _bob: User) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.REJECT)
    appealed(runtime, agora.site_id, comment_id)
    change_share(runtime, "agora", 1.0)
    decide(runtime, agora.olga, comment_id, Action.REJECT)


def settle_a_dispute(runtime: Runtime, agora: Agora, bob: User) -> None:
    """Decide between two people; the one second look is that of the two."""
    comment_id = flagged_comment(runtime, agora.site_id)
    change_share(runtime, "agora", 1.0)
    decide(runtime, agora.alice, comment_id, Action.REJECT)
    given = next_look(runtime, bob, [agora.site_id])
    assert given is not None
    look(runtime, bob, given.id, Action.APPROVE, seen=2)
    decide(runtime, agora.olga, comment_id, Action.REJECT)


def take_a_decision_back(runtime: Runtime, agora: Agora, _bob: User) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    made = decide(runtime, agora.alice, comment_id, Action.REJECT)
    change_share(runtime, "agora", 1.0)
    undo(runtime, agora.alice, made.id)


def decide_together(runtime: Runtime, agora: Agora, _bob: User) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    change_share(runtime, "agora", 1.0)
    begin(runtime, agora.alice, chosen(comment_id))
    run(runtime)


def decide_alone(runtime: Runtime, agora: Agora, _bob: User) -> None:
    """Decide on one comment: what is drawn."""
    comment_id = flagged_comment(runtime, agora.site_id)
    change_share(runtime, "agora", 1.0)
    decide(runtime, agora.alice, comment_id, Action.REJECT)


@pytest.mark.parametrize(
    ("do", "drawn"),
    [
        (flag, 0),
        (answer_an_appeal, 0),
        (settle_a_dispute, 1),
        (take_a_decision_back, 0),
        (decide_together, 0),
        (decide_alone, 1),
    ],
)
def test_what_is_no_single_decision_of_a_person_is_not_drawn(
    runtime: Runtime, agora: Agora, do: Callable[[Runtime, Agora, User], None], drawn: int
) -> None:
    bob = add_bob(runtime, agora.site_id)
    let_sign_in(runtime, agora.alice, agora.olga, bob)
    do(runtime, agora, bob)
    with runtime.reading() as connection:
        number = connection.execute(select(func.count()).select_from(second_looks)).scalar_one()
    assert number == drawn
