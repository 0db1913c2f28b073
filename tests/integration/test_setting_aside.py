"""Skips and escalations over time: when they end, and what is left of them."""

import pytest
from sqlalchemy import select

from moderation.model.decisions import Action
from moderation.model.errors import StaleReview, TooLateToUndo
from moderation.model.ids import CommentId
from moderation.runtime import Runtime
from moderation.services.desk import QueuePage, card_of, escalated_page, queue_page
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment, undo
from moderation.services.retention import forget_finished
from moderation.services.setting_aside import escalate, send_back, skip
from moderation.services.undoing import undo_act, undo_last
from moderation.storage import acts, reviews, skips
from tests.factories import (
    HOSTILE,
    Agora,
    FakeClock,
    classify_all,
    flagged_comment,
    make_agora,
    submit,
)


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
    page = escalated_page(runtime, agora.olga, [agora.site_id])
    assert [card.comment.id for card in page.cards] == [comment_id]
    assert (page.waiting, page.escalated) == (0, 1)


def test_undoing_an_escalation_of_another_time_is_too_late(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    act = escalate(runtime, agora.alice, comment_id, seen=1)
    with pytest.raises(StaleReview):
        escalate(runtime, agora.olga, comment_id, seen=1)
    send_back(runtime, agora.olga, comment_id, seen=1)
    with pytest.raises(StaleReview):
        send_back(runtime, agora.olga, comment_id, seen=1)
    assert undo_act(runtime, agora.alice, act.id).refused is not None
    undone = undo_last(runtime, agora.olga)
    assert undone is not None
    assert undone.refused is None
    waiting = card_of(runtime, agora.olga, comment_id).waiting
    assert waiting is not None
    assert waiting.for_operators


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
