"""Runs of the audit: who is given what, without seeing what it is, and what becomes of it."""

from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from threading import Barrier, Thread

import pytest

from moderation.model.acts import ActKind
from moderation.model.audits import Chance, SampleState
from moderation.model.comments import Status
from moderation.model.decisions import Action
from moderation.model.desk import EVERYTHING
from moderation.model.errors import InvalidInput, NotFound, StaleReview, TooLateToUndo
from moderation.model.ids import CommentId
from moderation.model.labels import Label
from moderation.model.people import Role, User
from moderation.model.preferences import Preferences
from moderation.model.reviews import Cause
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services.audit_runs import Turn, next_turn, read_turn
from moderation.services.auditing import Revealed, count_samples, judge, revealed, skip
from moderation.services.claims import hold
from moderation.services.desk import comment_file
from moderation.services.handing_out import hand_out
from moderation.services.moderating import decide_comment
from moderation.services.undoing import undo_last
from moderation.storage import audit_samples, events
from tests.auditing import sampled, samples, state_of
from tests.complaining import reported, status_of, waiting
from tests.factories import (
    HOSTILE,
    Agora,
    FakeClock,
    classify_all,
    flagged_comment,
    make_agora,
    make_user,
    submit,
)

SPAM = Words("spam")


def sample_first() -> float:
    return 0.0


def flagged_first() -> float:
    return 0.9


def given(
    runtime: Runtime, agora: Agora, user: User, chance: Chance = sample_first
) -> CommentId | None:
    return next_turn(runtime, user, [agora.site_id], chance)


def turn(runtime: Runtime, agora: Agora, user: User, chance: Chance = sample_first) -> Turn:
    comment_id = given(runtime, agora, user, chance)
    assert comment_id is not None
    found = read_turn(runtime, user, comment_id, [agora.site_id])
    assert found is not None
    return found


def test_samples_and_flagged_comments_are_mixed(runtime: Runtime, agora: Agora) -> None:
    chosen = {sampled(runtime, agora.site_id) for _ in range(3)}
    flagged = {flagged_comment(runtime, agora.site_id, f"f{n}") for n in range(3)}
    chance = cycle([0.0, 0.9])
    seen = []
    while comment_id := given(runtime, agora, agora.alice, lambda: next(chance)):
        judge(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
        seen.append(comment_id)
    assert set(seen) >= chosen
    assert len(set(seen) & flagged) == 2, "it ends with the last sample"


def test_a_card_says_nothing_of_how_it_came_here(runtime: Runtime, agora: Agora) -> None:
    sampled(runtime, agora.site_id)
    flagged_comment(runtime, agora.site_id)
    one = turn(runtime, agora, agora.alice, sample_first)
    judge(runtime, agora.alice, one.card.comment.id, Action.REJECT, seen=1, words=SPAM)
    sampled(runtime, agora.site_id)
    other = turn(runtime, agora, agora.alice, flagged_first)
    assert {one.card.comment.status, other.card.comment.status} == {
        Status.APPROVED,
        Status.FLAGGED,
    }
    for found in (one, other):
        card = found.card
        assert found.blind
        assert (card.meters, card.decisions, card.waiting, card.marks) == ((), (), None, ())
        assert (card.claim, card.standings, card.notes) == (None, {}, 0)
    assert (one.left, other.left) == (1, 1)


def test_without_anything_to_mix_in_it_is_said_not_to_be_blind(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = sampled(runtime, agora.site_id)
    assert not turn(runtime, agora, agora.alice, flagged_first).blind
    judge(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    assert [row.blind for row in samples(runtime)] == [False]


def test_approving_a_sample_keeps_it_and_decides_nothing(runtime: Runtime, agora: Agora) -> None:
    flagged_comment(runtime, agora.site_id)
    comment_id = sampled(runtime, agora.site_id)
    turn(runtime, agora, agora.alice)
    act_id = judge(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    [row] = samples(runtime)
    assert (row.state, row.judged_by, row.blind) == (SampleState.KEPT, agora.alice.id, True)
    assert len(comment_file(runtime, agora.alice, comment_id).card.decisions) == 1
    assert revealed(runtime, agora.alice, act_id) == Revealed(None)
    assert revealed(runtime, agora.olga, act_id) is None, "what others did is not theirs"
    undone = undo_last(runtime, agora.alice)
    assert undone is not None
    assert (undone.act.kind, undone.refused) == (ActKind.AUDIT, None)
    assert state_of(runtime, comment_id) == [SampleState.OPEN]
    assert revealed(runtime, agora.alice, act_id) is None
    assert given(runtime, agora, agora.olga) is None, "hers first, who took it back"


def test_rejecting_a_sample_is_a_decision_that_the_site_hears_of(
    runtime: Runtime, agora: Agora
) -> None:
    flagged_comment(runtime, agora.site_id)
    comment_id = sampled(runtime, agora.site_id)
    turn(runtime, agora, agora.alice)
    act_id = judge(runtime, agora.alice, comment_id, Action.REJECT, seen=1, words=SPAM)
    [row] = samples(runtime)
    assert (row.state, row.outcome_id, row.blind) == (SampleState.MISSED, act_id, True)
    assert status_of(runtime, agora.site_id, comment_id) is Status.REJECTED
    with runtime.reading() as connection:
        told = events.last_told(connection, comment_id)
    assert told is not None
    assert told.action == Action.REJECT, "what readers could see is taken off at once"
    assert revealed(runtime, agora.alice, act_id) == Revealed(None)
    undo_last(runtime, agora.alice)
    assert state_of(runtime, comment_id) == [SampleState.OPEN]
    assert status_of(runtime, agora.site_id, comment_id) is Status.APPROVED


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
def test_judging_a_flagged_comment_is_an_ordinary_decision(
    runtime: Runtime, agora: Agora, action: Action
) -> None:
    sampled(runtime, agora.site_id)
    comment_id = flagged_comment(runtime, agora.site_id)
    assert turn(runtime, agora, agora.alice, flagged_first).card.comment.id == comment_id
    words = SPAM if action is Action.REJECT else Words()
    act_id = judge(runtime, agora.alice, comment_id, action, seen=1, words=words)
    assert waiting(runtime, agora.alice) == {}
    assert status_of(runtime, agora.site_id, comment_id) is action.status
    found = revealed(runtime, agora.alice, act_id)
    assert found is not None
    assert found.flagged_for
    assert count_samples(runtime, agora.alice, [agora.site_id]) == 1


def test_what_somebody_was_given_is_on_their_screen_alone(runtime: Runtime, agora: Agora) -> None:
    for _ in range(2):
        sampled(runtime, agora.site_id)
    first = turn(runtime, agora, agora.alice).card.comment.id
    second = turn(runtime, agora, agora.olga).card.comment.id
    assert first != second
    assert given(runtime, agora, agora.alice) == first, "who asks again gets the same"
    assert read_turn(runtime, agora.olga, first, [agora.site_id]) is None


def test_a_flagged_comment_of_a_run_is_claimed(runtime: Runtime, agora: Agora) -> None:
    sampled(runtime, agora.site_id)
    comment_id = flagged_comment(runtime, agora.site_id)
    turn(runtime, agora, agora.alice, flagged_first)
    assert not hold(runtime, agora.olga, comment_id, None)
    assert hand_out(runtime, agora.olga, [agora.site_id], EVERYTHING).card is None


def test_people_at_the_same_moment_never_get_the_same_sample(
    runtime: Runtime, agora: Agora
) -> None:
    people = [
        make_user(runtime, f"Person{number}", Role.MODERATOR, agora.site_id) for number in range(4)
    ]
    for _ in range(len(people)):
        sampled(runtime, agora.site_id)
    at_once, found = Barrier(len(people)), []

    def ask(user: User) -> None:
        at_once.wait()
        found.append(given(runtime, agora, user))

    threads = [Thread(target=ask, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert None not in found
    assert len(set(found)) == len(people)


def test_what_somebody_is_on_or_hides_is_not_mixed_in(runtime: Runtime, agora: Agora) -> None:
    for _ in range(2):
        sampled(runtime, agora.site_id)
    insult = flagged_comment(runtime, agora.site_id, "insult")
    threat = submit(runtime, agora.site_id, "threat").comment_id
    classify_all(runtime, HOSTILE | {Label.THREAT: 0.9})
    hides = replace(agora.alice, preferences=Preferences(hide=Cause.THREAT))
    assert given(runtime, agora, hides, flagged_first) == insult
    assert given(runtime, agora, agora.olga, flagged_first) == threat
    assert given(runtime, agora, agora.alice, flagged_first) not in {insult, threat}


def test_what_readers_reported_is_not_mixed_in(runtime: Runtime, agora: Agora) -> None:
    chosen = sampled(runtime, agora.site_id)
    comment_id = flagged_comment(runtime, agora.site_id)
    reported(runtime, agora.site_id, comment_id)
    assert given(runtime, agora, agora.alice, flagged_first) == chosen
    assert read_turn(runtime, agora.alice, comment_id, [agora.site_id]) is None


def test_a_sample_that_readers_report_is_judged_in_the_queue(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = sampled(runtime, agora.site_id)
    reported(runtime, agora.site_id, comment_id)
    assert given(runtime, agora, agora.alice) is None
    assert count_samples(runtime, agora.alice, [agora.site_id]) == 0
    decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=1)
    assert state_of(runtime, comment_id) == [SampleState.MISSED]


@pytest.mark.parametrize("chance", [sample_first, flagged_first])
def test_skipping_is_alike_for_both(runtime: Runtime, agora: Agora, chance: Chance) -> None:
    for _ in range(2):
        sampled(runtime, agora.site_id)
    flagged_comment(runtime, agora.site_id)
    comment_id = turn(runtime, agora, agora.alice, chance).card.comment.id
    act = skip(runtime, agora.alice, comment_id, seen=1)
    assert act.kind is ActKind.SKIP
    assert revealed(runtime, agora.alice, act.id) is None
    assert given(runtime, agora, agora.alice, chance) != comment_id
    assert given(runtime, agora, agora.olga, chance) == comment_id
    undone = undo_last(runtime, agora.alice)
    assert undone is not None
    assert undone.refused is None


def test_a_skip_is_over_when_it_was_taken_back(runtime: Runtime, agora: Agora) -> None:
    comment_id = sampled(runtime, agora.site_id)
    skip(runtime, agora.alice, comment_id, seen=1)
    undo_last(runtime, agora.alice)
    assert given(runtime, agora, agora.alice) == comment_id
    skip(runtime, agora.alice, comment_id, seen=1)
    skip(runtime, agora.olga, comment_id, seen=1)
    undone = undo_last(runtime, agora.alice)
    assert undone is not None
    assert isinstance(undone.refused, TooLateToUndo)


def test_a_sample_is_judged_once(runtime: Runtime, agora: Agora) -> None:
    comment_id = sampled(runtime, agora.site_id)
    judge(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    for action in (Action.APPROVE, Action.REJECT):
        with pytest.raises(StaleReview):
            judge(runtime, agora.olga, comment_id, action, seen=1)
    assert status_of(runtime, agora.site_id, comment_id) is Status.APPROVED


def test_strangers_and_nonsense_are_refused(runtime: Runtime, agora: Agora) -> None:
    comment_id = sampled(runtime, agora.site_id)
    with pytest.raises(NotFound):
        judge(runtime, agora.mallory, comment_id, Action.APPROVE, seen=1)
    with pytest.raises(NotFound):
        read_turn(runtime, agora.mallory, comment_id, [agora.site_id])
    with pytest.raises(InvalidInput):
        judge(runtime, agora.alice, comment_id, Action.FLAG, seen=1)
    with pytest.raises(StaleReview):
        judge(runtime, agora.alice, comment_id, Action.APPROVE, seen=2)
    assert given(runtime, agora, agora.mallory) is None


def test_what_somebody_opted_out_of_is_not_given_to_them(runtime: Runtime, agora: Agora) -> None:
    """A text was a threat once, and its author made it a civil one."""
    comment_id = sampled(runtime, agora.site_id)
    opted_out = replace(agora.alice, preferences=Preferences(opt_out=Cause.THREAT))
    assert given(runtime, agora, opted_out) == comment_id
    with runtime.transaction() as connection:
        scores = audit_samples.audit_samples.metadata.tables["classifications"]
        connection.execute(scores.update().values(threat=0.9))
    assert given(runtime, agora, opted_out) is None
    assert given(runtime, agora, agora.alice) == comment_id


def test_what_nobody_judged_for_a_month_is_given_to_nobody(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    comment_id = sampled(held_runtime, agora.site_id)
    clock.moment += timedelta(days=29)
    assert given(held_runtime, agora, agora.alice) == comment_id
    clock.moment += timedelta(days=2)
    assert given(held_runtime, agora, agora.alice) is None
    assert count_samples(held_runtime, agora.alice, [agora.site_id]) == 0


def test_what_somebody_leaves_goes_to_others_after_a_while(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    comment_id = sampled(held_runtime, agora.site_id)
    assert given(held_runtime, agora, agora.alice) == comment_id
    assert given(held_runtime, agora, agora.olga) is None
    clock.pass_time(minutes=4)
    assert given(held_runtime, agora, agora.olga) == comment_id
    assert read_turn(held_runtime, agora.alice, comment_id, [agora.site_id]) is None


def test_samples_come_in_no_order_of_theirs(runtime: Runtime, agora: Agora) -> None:
    """So those that were judged are a sample of all, however few they are."""
    ids = [sampled(runtime, agora.site_id) for _ in range(12)]
    turns = {row.comment_id: row.turn for row in samples(runtime)}
    seen = []
    while comment_id := given(runtime, agora, agora.alice):
        judge(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
        seen.append(comment_id)
    assert seen == sorted(ids, key=turns.__getitem__)
