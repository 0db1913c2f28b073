"""Skips and escalations over time: when they end, and what is left of them."""

import pytest
from sqlalchemy import select

from moderation.model.comments import Author
from moderation.model.decisions import Action
from moderation.model.desk import EVERYTHING, Filter
from moderation.model.errors import Claimed, Forbidden, InvalidInput, StaleReview, TooLateToUndo
from moderation.model.ids import CommentId
from moderation.model.standings import Standing
from moderation.runtime import Runtime
from moderation.services.claims import hand_over, hold
from moderation.services.desk import card_of
from moderation.services.erasure import erase
from moderation.services.handing_out import hand_out
from moderation.services.moderating import decide_comment, undo
from moderation.services.queue import QueuePage, queue_page
from moderation.services.retention import forget_finished
from moderation.services.setting_aside import escalate, send_back, skip
from moderation.services.undoing import undo_act, undo_last
from moderation.storage import acts, reviews, skips
from tests.complaining import approved_comment, let_sign_in, reported
from tests.factories import (
    HOSTILE,
    Agora,
    FakeClock,
    classify_all,
    flagged_comment,
    make_agora,
    submit,
)
from tests.standings import TROLL, give


def queue(runtime: Runtime, agora: Agora) -> QueuePage:
    return queue_page(runtime, agora.alice, [agora.site_id])


def shown(runtime: Runtime, agora: Agora) -> list[CommentId]:
    return [card.comment.id for card in queue(runtime, agora).cards]


def test_a_skip_ends_after_half_an_hour(held_runtime: Runtime, clock: FakeClock) -> None:
    runtime, agora = held_runtime, make_agora(held_runtime)
    first, second = (flagged_comment(runtime, agora.site_id, name) for name in ("c1", "c2"))
    act = skip(runtime, agora.alice, first, seen=1)
    assert shown(runtime, agora) == [second]
    assert [card.comment.id for card in queue(runtime, agora).skipped] == [first]
    clock.pass_time(minutes=31)
    assert shown(runtime, agora) == [first, second]
    assert isinstance(undo_act(runtime, agora.alice, act.id).refused, TooLateToUndo)
    skip(runtime, agora.alice, first, seen=1)
    forget_finished(runtime)
    assert shown(runtime, agora) == [second]
    clock.pass_time(minutes=31)
    forget_finished(runtime)
    with runtime.reading() as connection:
        assert connection.execute(select(skips.skips)).all() == []


def test_what_was_skipped_is_handed_out_when_nothing_else_is_left(
    runtime: Runtime, agora: Agora
) -> None:
    first, second = (flagged_comment(runtime, agora.site_id, name) for name in ("c1", "c2"))
    skip(runtime, agora.alice, first, seen=1)
    handed = hand_out(runtime, agora.alice, [agora.site_id], EVERYTHING)
    assert handed.card is not None
    assert handed.card.comment.id == second
    assert handed.coming is None
    decide_comment(runtime, agora.alice, second, Action.APPROVE, seen=1)
    again = hand_out(runtime, agora.alice, [agora.site_id], EVERYTHING).card
    assert again is not None
    assert again.comment.id == first


def test_what_was_handed_over_and_skipped_is_not_on_top(runtime: Runtime, agora: Agora) -> None:
    first, second = (flagged_comment(runtime, agora.site_id, name) for name in ("c1", "c2"))
    let_sign_in(runtime, agora.alice)
    hand_over(runtime, agora.olga, first, agora.alice.id, word=None)
    assert [card.comment.id for card in queue(runtime, agora).handed] == [first]
    skip(runtime, agora.alice, first, seen=1)
    page = queue(runtime, agora)
    assert (page.handed, [card.comment.id for card in page.cards]) == ((), [second])
    assert [card.comment.id for card in page.skipped] == [first]
    mine = queue_page(runtime, agora.alice, [agora.site_id], Filter(mine=True))
    assert [card.comment.id for card in mine.skipped] == [first]


def test_what_was_escalated_comes_to_operators_alone(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    let_sign_in(runtime, agora.alice)
    hand_over(runtime, agora.olga, comment_id, agora.alice.id, word="yours?")
    escalate(runtime, agora.alice, comment_id, seen=1)
    page, sites = queue(runtime, agora), [agora.site_id]
    assert (page.handed, page.cards, page.tally.escalated) == ((), (), None)
    handed = hand_out(runtime, agora.alice, sites, EVERYTHING)
    assert (handed.card, handed.held) == (None, ())
    for_operators = Filter(escalated=True)
    with pytest.raises(Forbidden):
        hand_out(runtime, agora.alice, sites, for_operators)
    with pytest.raises(InvalidInput, match="Alice may not decide"):
        hand_over(runtime, agora.olga, comment_id, agora.alice.id, word=None)
    found = hand_out(runtime, agora.olga, sites, for_operators).card
    assert found is not None
    assert found.comment.id == comment_id


def test_what_a_colleague_is_on_is_escalated_by_who_knows_of_it(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    hold(runtime, agora.olga, comment_id, None)
    with pytest.raises(Claimed):
        escalate(runtime, agora.alice, comment_id, seen=1)
    escalate(runtime, agora.alice, comment_id, seen=1, despite=agora.olga.id)
    assert card_of(runtime, agora.olga, comment_id).claim is None


def test_a_new_text_begins_in_the_ordinary_queue(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    act = escalate(runtime, agora.alice, comment_id, seen=1, note="why")
    submit(runtime, agora.site_id, "c1", text="You are an idiot, I say it again.")
    classify_all(runtime, HOSTILE)
    assert shown(runtime, agora) == [comment_id]
    assert isinstance(undo_act(runtime, agora.alice, act.id).refused, TooLateToUndo)


def test_an_undone_decision_leaves_a_comment_with_the_operators(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    escalate(runtime, agora.alice, comment_id, seen=1, note="why")
    made = decide_comment(runtime, agora.olga, comment_id, Action.APPROVE, seen=1)
    undo(runtime, agora.olga, made.id)
    page = queue_page(runtime, agora.olga, [agora.site_id], Filter(escalated=True))
    assert [card.comment.id for card in page.cards] == [comment_id]
    assert (page.tally.waiting, page.tally.escalated) == (1, 1)
    assert queue_page(runtime, agora.olga, [agora.site_id]).cards == ()


def test_what_an_operator_decided_for_others_is_taken_back_by_operators_alone(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    escalate(runtime, agora.alice, comment_id, seen=1)
    made = decide_comment(runtime, agora.olga, comment_id, Action.APPROVE, seen=1)
    with pytest.raises(StaleReview, match="an operator decides"):
        undo(runtime, agora.alice, made.id)
    own = decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=2)
    assert undo(runtime, agora.alice, own.id).action is Action.APPROVE


def test_what_was_escalated_since_is_not_undone_and_then_passed_over(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    reported(runtime, agora.site_id, comment_id)
    escalate(runtime, agora.olga, comment_id, seen=2)
    undone = undo_last(runtime, agora.alice)
    assert undone is not None
    assert isinstance(undone.refused, StaleReview)
    assert undo_last(runtime, agora.alice) is None
    waiting = card_of(runtime, agora.olga, comment_id).waiting
    assert waiting is not None
    assert waiting.for_operators


def test_undoing_an_escalation_of_another_time_is_too_late(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    act = escalate(runtime, agora.alice, comment_id, seen=1)
    with pytest.raises(StaleReview):
        escalate(runtime, agora.olga, comment_id, seen=1)
    send_back(runtime, agora.olga, comment_id, seen=1)
    with pytest.raises(StaleReview):
        send_back(runtime, agora.olga, comment_id, seen=1)
    assert undo_act(runtime, agora.alice, act.id).refused is not None
    let_sign_in(runtime, agora.alice)
    hand_over(runtime, agora.olga, comment_id, agora.alice.id, word="yours?")
    undone = undo_last(runtime, agora.olga)
    assert undone is not None
    assert undone.refused is None
    card = card_of(runtime, agora.olga, comment_id)
    assert card.waiting is not None
    assert card.waiting.for_operators
    assert (card.claim, card.handed) == (None, None)


def test_a_card_is_told_apart_from_itself_before_anything_was_done(
    runtime: Runtime, agora: Agora
) -> None:
    author = Author(id=TROLL.id)
    comment_id = submit(runtime, agora.site_id, text="You idiot.", author=author).comment_id
    classify_all(runtime, HOSTILE)
    let_sign_in(runtime, agora.olga)
    seen = [card_of(runtime, agora.olga, comment_id).fingerprint]
    assert card_of(runtime, agora.alice, comment_id).fingerprint == seen[0]
    for do in (
        lambda: give(runtime, agora, Standing.HELD),
        lambda: hand_over(runtime, agora.alice, comment_id, agora.olga.id, word=None),
        lambda: escalate(runtime, agora.olga, comment_id, seen=1),
        lambda: send_back(runtime, agora.olga, comment_id, seen=1),
        lambda: reported(runtime, agora.site_id, comment_id),
        lambda: decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1),
    ):
        do()
        seen.append(card_of(runtime, agora.olga, comment_id).fingerprint)
    assert len(set(seen)) == len(seen)
    assert [one.partition(" ")[0] for one in seen] == ["1"] * 6 + ["2"]


def test_why_it_was_escalated_is_erased_with_the_comment(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    escalate(runtime, agora.alice, comment_id, seen=1, note="he wrote: canary")
    erase(runtime, agora.site_id, comment_id)
    with runtime.reading() as connection:
        rows = connection.execute(select(reviews.reviews)).all()
        kept = connection.execute(select(acts.acts)).all()
    assert "canary" not in f"{rows} {kept}"
    undone = undo_last(runtime, agora.alice)
    assert undone is not None
    assert undone.refused is not None
    assert undo_last(runtime, agora.alice) is None
