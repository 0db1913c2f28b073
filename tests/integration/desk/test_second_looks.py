"""Second looks: who judges what once more, what becomes of it, and what it tells."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from moderation.model.comments import Status
from moderation.model.decisions import Action, ReasonKind
from moderation.model.desk import EVERYTHING, WhyNot
from moderation.model.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    StaleReview,
    TooLateToUndo,
)
from moderation.model.ids import CommentId
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.model.second_looks import Agreement, LookState
from moderation.runtime import Runtime
from moderation.services.desk import comment_file
from moderation.services.handing_out import hand_out
from moderation.services.moderating import decide_comment, undo
from moderation.services.queue import queue_page
from moderation.services.retention import forget_finished
from moderation.services.second_looks import (
    SecondLook,
    agreements,
    change_share,
    look,
    next_look,
)
from moderation.services.setting_aside import escalate
from moderation.services.undoing import undo_last
from moderation.storage import second_looks, users
from tests.complaining import let_sign_in, reported
from tests.factories import Agora, FakeClock, add_bob, flagged_comment, make_agora

YEAR = timedelta(days=365)


@pytest.fixture
def bob(runtime: Runtime, agora: Agora) -> User:
    """Return a moderator beside Alice; all that is decided at Agora is looked at."""
    return look_at_all(runtime, agora)


def look_at_all(runtime: Runtime, agora: Agora) -> User:
    change_share(runtime, "agora", 1.0)
    bob = add_bob(runtime, agora.site_id)
    let_sign_in(runtime, agora.alice, agora.olga, bob)
    return bob


def decided(runtime: Runtime, agora: Agora, action: Action = Action.REJECT) -> CommentId:
    """Let Alice decide on a flagged comment."""
    comment_id = flagged_comment(runtime, agora.site_id, uuid4().hex)
    decide_comment(runtime, agora.alice, comment_id, action, seen=1)
    return comment_id


def given(runtime: Runtime, user: User, agora: Agora) -> SecondLook:
    found = next_look(runtime, user, [agora.site_id])
    assert found is not None
    return found


def judged(runtime: Runtime, user: User, agora: Agora, action: Action) -> LookState:
    found = given(runtime, user, agora)
    look(runtime, user, found.id, action, seen=found.card.comment.sequence)
    with runtime.reading() as connection:
        row = second_looks.by_id(connection, found.id)
    assert row is not None
    return LookState(row.state)


def overall(runtime: Runtime, agora: Agora, label: Label | None = None) -> Agreement:
    found = agreements(runtime, agora.olga, [agora.site_id], YEAR)
    [one] = [one for one in found if one.label is label]
    return one


def test_whoever_decided_is_never_the_one_who_looks_again(
    runtime: Runtime, agora: Agora, bob: User
) -> None:
    comment_id = decided(runtime, agora)
    assert next_look(runtime, agora.alice, [agora.site_id]) is None
    found = given(runtime, bob, agora)
    assert (found.card.comment.id, found.left) == (comment_id, 1)
    with pytest.raises(Forbidden, match="You decided"):
        look(runtime, agora.alice, found.id, Action.REJECT, seen=2)


def test_two_people_never_have_the_same_comment_before_them(
    runtime: Runtime, agora: Agora, bob: User
) -> None:
    first, second = decided(runtime, agora), decided(runtime, agora)
    assert given(runtime, bob, agora).card.comment.id == first
    assert given(runtime, agora.olga, agora).card.comment.id == second
    assert given(runtime, bob, agora).card.comment.id == first, "who asks again gets the same"


def test_who_agrees_changes_nothing(runtime: Runtime, agora: Agora, bob: User) -> None:
    comment_id = decided(runtime, agora)
    assert judged(runtime, bob, agora, Action.REJECT) is LookState.AGREED
    file = comment_file(runtime, bob, comment_id)
    assert (file.card.comment.status, file.card.waiting) == (Status.REJECTED, None)
    assert len(file.card.decisions) == 2
    assert next_look(runtime, agora.olga, [agora.site_id]) is None


def test_a_disagreement_waits_for_a_third_person(runtime: Runtime, agora: Agora, bob: User) -> None:
    comment_id = decided(runtime, agora)
    assert judged(runtime, bob, agora, Action.APPROVE) is LookState.DISAGREED
    card = comment_file(runtime, bob, comment_id).card
    assert card.comment.status is Status.REJECTED, "as it was, until somebody decides"
    assert card.waiting is not None
    assert [reason.kind for reason in card.waiting.reasons] == [ReasonKind.SECOND_LOOK]
    for one in (agora.alice, bob):
        with pytest.raises(Forbidden, match="third"):
            decide_comment(runtime, one, comment_id, Action.APPROVE, seen=2)
    decide_comment(runtime, agora.olga, comment_id, Action.APPROVE, seen=2)
    assert comment_file(runtime, bob, comment_id).card.waiting is None
    assert overall(runtime, agora).first_upheld.many == 0
    assert overall(runtime, agora).first_upheld.of == 1


def test_only_a_third_person_is_handed_a_disputed_comment(
    runtime: Runtime, agora: Agora, bob: User
) -> None:
    comment_id = decided(runtime, agora)
    judged(runtime, bob, agora, Action.APPROVE)
    for one, expected in ((agora.alice, None), (bob, None), (agora.olga, comment_id)):
        card = hand_out(runtime, one, [agora.site_id], EVERYTHING).card
        assert (card.comment.id if card else None) == expected, one.name
        page = queue_page(runtime, one, [agora.site_id], EVERYTHING)
        [shown] = [*page.handed, *page.cards]
        assert shown.why_not(one) is (None if one is agora.olga else WhyNot.DISPUTED), one.name


def test_without_a_third_person_one_of_the_two_decides(
    runtime: Runtime, agora: Agora, bob: User
) -> None:
    comment_id = decided(runtime, agora)
    judged(runtime, bob, agora, Action.APPROVE)
    with runtime.transaction() as connection:
        users.set_disabled(connection, agora.olga.id, runtime.clock.now())
    decide_comment(runtime, bob, comment_id, Action.APPROVE, seen=2)
    assert comment_file(runtime, bob, comment_id).card.comment.status is Status.APPROVED
    assert overall(runtime, agora).first_upheld.of == 0, "nobody else judged between them"


def test_what_a_third_person_takes_back_waits_again(
    runtime: Runtime, agora: Agora, bob: User
) -> None:
    comment_id = decided(runtime, agora)
    judged(runtime, bob, agora, Action.APPROVE)
    settled = decide_comment(runtime, agora.olga, comment_id, Action.APPROVE, seen=2)
    undo(runtime, agora.olga, settled.id)
    card = comment_file(runtime, bob, comment_id).card
    assert (card.comment.status, card.waiting is not None) == (Status.REJECTED, True)
    assert overall(runtime, agora).first_upheld.of == 0
    with pytest.raises(Forbidden):
        decide_comment(runtime, bob, comment_id, Action.APPROVE, seen=card.comment.sequence)
    decide_comment(runtime, agora.olga, comment_id, Action.REJECT, seen=card.comment.sequence)
    assert overall(runtime, agora).first_upheld.many == 1


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
def test_a_second_look_can_be_taken_back(
    runtime: Runtime, agora: Agora, bob: User, action: Action
) -> None:
    comment_id = decided(runtime, agora)
    judged(runtime, bob, agora, action)
    undone = undo_last(runtime, bob)
    assert undone is not None
    assert undone.refused is None
    assert comment_file(runtime, bob, comment_id).card.waiting is None
    assert overall(runtime, agora).agreed.of == 0
    assert given(runtime, bob, agora).card.comment.id == comment_id


def test_a_second_look_that_was_settled_cannot_be_taken_back(
    runtime: Runtime, agora: Agora, bob: User
) -> None:
    comment_id = decided(runtime, agora)
    judged(runtime, bob, agora, Action.APPROVE)
    decide_comment(runtime, agora.olga, comment_id, Action.REJECT, seen=2)
    undone = undo_last(runtime, bob)
    assert undone is not None
    assert undone.refused is not None


def test_a_decision_that_was_taken_back_is_looked_at_by_nobody(
    runtime: Runtime, agora: Agora, bob: User
) -> None:
    decided(runtime, agora)
    found = given(runtime, bob, agora)
    undo_last(runtime, agora.alice)
    with pytest.raises(StaleReview):
        look(runtime, bob, found.id, Action.REJECT, seen=2)
    assert next_look(runtime, bob, [agora.site_id]) is None


def test_one_second_look_counts_once(runtime: Runtime, agora: Agora, bob: User) -> None:
    decided(runtime, agora)
    found = given(runtime, bob, agora)
    look(runtime, bob, found.id, Action.REJECT, seen=2)
    with pytest.raises(StaleReview):
        look(runtime, agora.olga, found.id, Action.APPROVE, seen=2)
    assert overall(runtime, agora).agreed.of == 1


def test_the_agreement_is_told_by_label(runtime: Runtime, agora: Agora, bob: User) -> None:
    for action in (Action.REJECT, Action.REJECT, Action.APPROVE):
        decided(runtime, agora)
        judged(runtime, bob, agora, action)
    found = overall(runtime, agora)
    assert (found.agreed.many, found.agreed.of, found.rejected_first) == (2, 3, 1)
    assert overall(runtime, agora, Label.INSULT).agreed.of == 3
    assert overall(runtime, agora, Label.THREAT).agreed.of == 0


def test_strangers_and_nonsense_are_refused(runtime: Runtime, agora: Agora, bob: User) -> None:
    decided(runtime, agora)
    found = given(runtime, bob, agora)
    with pytest.raises(NotFound):
        look(runtime, agora.mallory, found.id, Action.REJECT, seen=2)
    with pytest.raises(InvalidInput):
        look(runtime, bob, found.id, Action.FLAG, seen=2)
    for share in (-0.1, 1.01, float("nan")):
        with pytest.raises(InvalidInput):
            change_share(runtime, "agora", share)
    with pytest.raises(NotFound):
        change_share(runtime, "boulé", 0.1)


def test_who_is_alone_is_not_looked_at(runtime: Runtime, agora: Agora) -> None:
    change_share(runtime, "agora", 1.0)
    decided(runtime, agora)
    assert next_look(runtime, agora.olga, [agora.site_id]) is None


@pytest.mark.parametrize(("thrown", "chosen"), [(249_999, True), (250_000, False)])
def test_chance_chooses_the_share_and_no_more(  # noqa: PLR0913 - fixtures
    runtime: Runtime,
    agora: Agora,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
    thrown: int,
    *,
    chosen: bool,
) -> None:
    change_share(runtime, "agora", 0.25)
    monkeypatch.setattr("moderation.services.disputes.secrets.randbelow", lambda _: thrown)
    decided(runtime, agora)
    assert (next_look(runtime, bob, [agora.site_id]) is not None) is chosen


def test_what_nobody_looked_at_for_a_month_is_given_up(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora, bob = a_team(held_runtime)
    decided(held_runtime, agora)
    clock.pass_time(days=29)
    forget_finished(held_runtime)
    given(held_runtime, bob, agora)
    clock.pass_time(days=2)
    forget_finished(held_runtime)
    assert next_look(held_runtime, bob, [agora.site_id]) is None


def test_what_was_taken_back_goes_to_somebody_else_after_a_while(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora, bob = a_team(held_runtime)
    comment_id = decided(held_runtime, agora)
    judged(held_runtime, bob, agora, Action.APPROVE)
    undo_last(held_runtime, bob)
    assert next_look(held_runtime, agora.olga, [agora.site_id]) is None, "his for three minutes"
    clock.pass_time(minutes=4)
    assert given(held_runtime, agora.olga, agora).card.comment.id == comment_id


def test_a_second_look_is_taken_back_within_a_minute_only(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora, bob = a_team(held_runtime)
    decided(held_runtime, agora)
    judged(held_runtime, bob, agora, Action.APPROVE)
    clock.pass_time(seconds=61)
    undone = undo_last(held_runtime, bob)
    assert undone is not None
    assert isinstance(undone.refused, TooLateToUndo)


def test_what_others_do_with_a_dispute_is_not_taken_from_them(
    runtime: Runtime, agora: Agora, bob: User
) -> None:
    comment_id = decided(runtime, agora)
    judged(runtime, bob, agora, Action.APPROVE)
    escalate(runtime, agora.olga, comment_id, seen=2)
    undone = undo_last(runtime, bob)
    assert undone is not None
    assert isinstance(undone.refused, TooLateToUndo)
    assert comment_file(runtime, agora.olga, comment_id).card.waiting is not None


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_neither_of_two_decides_by_taking_the_first_decision_back(
    runtime: Runtime, agora: Agora, bob: User, who: str
) -> None:
    comment_id = decided(runtime, agora)
    judged(runtime, bob, agora, Action.APPROVE)
    first = comment_file(runtime, bob, comment_id).card.decisions[-1]
    with pytest.raises(StaleReview, match="third"):
        undo(runtime, bob if who == "bob" else agora.alice, first.id)


def test_a_dispute_ends_with_yes_or_no(runtime: Runtime, agora: Agora, bob: User) -> None:
    comment_id = decided(runtime, agora)
    judged(runtime, bob, agora, Action.APPROVE)
    with pytest.raises(InvalidInput):
        decide_comment(runtime, agora.olga, comment_id, Action.FLAG, seen=2)


def test_nobody_looks_once_more_at_what_they_ever_decided_on(
    runtime: Runtime, agora: Agora, bob: User
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id, "c1")
    decide_comment(runtime, bob, comment_id, Action.APPROVE, seen=1)
    decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=2)
    assert next_look(runtime, bob, [agora.site_id]) is None
    found = given(runtime, agora.olga, agora)
    with pytest.raises(Forbidden):
        look(runtime, bob, found.id, Action.REJECT, seen=3)


def test_second_looks_are_forgotten_in_the_end(held_runtime: Runtime, clock: FakeClock) -> None:
    clock.moment = datetime.now(UTC)
    agora, bob = a_team(held_runtime)
    decided(held_runtime, agora)
    judged(held_runtime, bob, agora, Action.REJECT)
    clock.pass_time(days=399)
    assert forget_finished(held_runtime).second_looks == 0
    clock.pass_time(days=2)
    assert forget_finished(held_runtime).second_looks == 1


def a_team(runtime: Runtime) -> tuple[Agora, User]:
    """Return Agora, whose people can sign in and where all is looked at, and Bob beside Alice."""
    agora = make_agora(runtime)
    return agora, look_at_all(runtime, agora)


def test_a_dispute_waits_again_whatever_readers_said_since(
    runtime: Runtime, agora: Agora, bob: User
) -> None:
    comment_id = decided(runtime, agora, Action.APPROVE)
    judged(runtime, bob, agora, Action.REJECT)
    settled = decide_comment(runtime, agora.olga, comment_id, Action.APPROVE, seen=2)
    reported(runtime, agora.site_id, comment_id)
    undo(runtime, agora.olga, settled.id)
    waiting = comment_file(runtime, bob, comment_id).card.waiting
    assert waiting is not None
    kinds = [reason.kind for reason in waiting.reasons]
    assert kinds == [ReasonKind.SECOND_LOOK, ReasonKind.REPORT]
