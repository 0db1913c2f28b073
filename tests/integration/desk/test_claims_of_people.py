"""Claims, handovers and decisions of three people in any order, beside a model of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
)

from moderation.model.decisions import Action
from moderation.model.desk import EVERYTHING, Filter
from moderation.model.errors import Claimed, InvalidInput, StaleReview
from moderation.model.ids import CommentId, UserId
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services import claims
from moderation.services.cards import Card
from moderation.services.desk import comment_file
from moderation.services.handing_out import hand_out, pass_over
from moderation.services.moderating import decide_comment, undo
from moderation.services.people import digest_token
from moderation.services.queue import queue_page
from moderation.services.setting_aside import escalate, send_back
from moderation.services.sign_in import sign_out
from moderation.storage import sessions
from tests import stateful
from tests.complaining import let_sign_in
from tests.factories import FakeClock, add_bob, flagged_comment, make_agora
from tests.integration.desk.claims_model import Expected

COMMENTS = 5
PEOPLE = st.integers(0, 2)
NUMBERS = st.integers(0, COMMENTS - 1)


class Desk(RuleBasedStateMachine):
    """Everything that three people do to five comments; nobody is ever overruled unknowingly."""

    def __init__(self, runtime: Runtime, clock: FakeClock) -> None:
        super().__init__()
        self.runtime, self.clock = runtime, clock
        stateful.empty(runtime)
        agora = make_agora(runtime)
        bob = add_bob(runtime, agora.site_id)
        self.people = [agora.alice, bob, agora.olga]
        let_sign_in(runtime, *self.people)
        self.mallory, self.sites = agora.mallory, [agora.site_id]
        self.comments = []
        for number in range(COMMENTS):
            comment_id = flagged_comment(runtime, agora.site_id, f"c{number}")
            self.comments.append(Expected(comment_id, number))
            clock.pass_time(seconds=1)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @rule(person=PEOPLE)
    def press_next(self, person: int) -> None:
        user = self.people[person]
        handed = hand_out(self.runtime, user, self.sites, EVERYTHING)
        cards = [card for card in (handed.card, handed.coming) if card]
        ordinary = [one for one in self.comments if one.open and not one.escalated]
        free = [one for one in ordinary if one.is_free_for(user, self.now)]
        free.sort(key=lambda one: (one.holder_at(self.now) != user, one.number))
        assert [card.comment.id for card in cards] == [one.comment_id for one in free[:2]]
        for one in free[:2]:
            one.claim(user, self.now)
        others = {one.holder_at(self.now) for one in ordinary} - {user, None}
        assert {claim.user_id for claim in handed.held} == (
            set() if cards else {other.id for other in others if other}
        )

    @rule(person=PEOPLE, number=NUMBERS)
    def pass_over(self, person: int, number: int) -> None:
        user, one = self.people[person], self.comments[number]
        place = pass_over(self.runtime, user, one.comment_id, EVERYTHING)
        assert (place is not None) is one.open
        if one.holder == user:
            one.free()

    @rule(person=PEOPLE, number=NUMBERS, left=st.none() | NUMBERS)
    def look_at(self, person: int, number: int, left: int | None) -> None:
        user, one = self.people[person], self.comments[number]
        before = None if left is None else self.comments[left]
        left_id = None if before is None else before.comment_id
        if before is not None and before.holder == user:
            before.free()
        expected = one.is_free_for(user, self.now)
        assert claims.hold(self.runtime, user, one.comment_id, left_id) is expected
        if expected:
            one.claim(user, self.now)

    @rule(
        person=PEOPLE,
        number=NUMBERS,
        back=st.integers(0, 1),
        knows=st.none() | PEOPLE,
        action=st.sampled_from([Action.APPROVE, Action.REJECT]),
    )
    def decide(
        self, person: int, number: int, back: int, knows: int | None, action: Action
    ) -> None:
        user, one = self.people[person], self.comments[number]
        despite = None if knows is None else self.people[knows].id
        seen = one.sequence - back
        holder = one.holder_at(self.now)
        known = holder is None or holder.id in (user.id, despite)
        barred = one.open and not one.is_for(user)
        if back or barred or not known:
            with pytest.raises(StaleReview if back or barred else Claimed):
                decide_comment(
                    self.runtime, user, one.comment_id, action, seen=seen, despite=despite
                )
            return
        decide_comment(self.runtime, user, one.comment_id, action, seen=seen, despite=despite)
        one.decide()

    @rule(person=PEOPLE, number=NUMBERS)
    def take_back(self, person: int, number: int) -> None:
        one = self.comments[number]
        card = comment_file(self.runtime, self.people[person], one.comment_id).card
        user = self.people[person]
        if card.undoable and one.decided_by_operators and not user.is_operator:
            with pytest.raises(StaleReview):
                undo(self.runtime, user, card.undoable.id)
        elif card.undoable:
            undone = undo(self.runtime, user, card.undoable.id)
            one.sequence += 1
            one.open = undone.action is Action.FLAG

    @rule(person=PEOPLE, number=NUMBERS, to=PEOPLE, knows=st.none() | PEOPLE)
    def hand_over(self, person: int, number: int, to: int, knows: int | None) -> None:
        user, one, colleague = self.people[person], self.comments[number], self.people[to]
        despite = None if knows is None else self.people[knows].id
        holder = one.holder_at(self.now)
        known = holder is None or holder.id in (user.id, despite)
        if not known or not one.is_for(colleague) or colleague == user:
            with pytest.raises(InvalidInput if known else Claimed):
                self._hand_over(user, one, colleague, despite)
            return
        self._hand_over(user, one, colleague, despite)
        one.hand(user, colleague, self.now)

    def _hand_over(self, user: User, one: Expected, to: User, despite: UserId | None) -> None:
        claims.hand_over(
            self.runtime, user, one.comment_id, to.id, word="look at this", despite=despite
        )

    @rule(person=PEOPLE, number=NUMBERS)
    def give_back(self, person: int, number: int) -> None:
        user, one = self.people[person], self.comments[number]
        if one.handed_to != user:
            with pytest.raises(InvalidInput):
                claims.give_back(self.runtime, user, one.comment_id)
            return
        assert one.handed_by is not None
        if not one.is_for(one.handed_by):
            with pytest.raises(InvalidInput):
                claims.give_back(self.runtime, user, one.comment_id)
            return
        claims.give_back(self.runtime, user, one.comment_id)
        one.hand(user, one.handed_by, self.now)

    @rule(person=PEOPLE, number=NUMBERS)
    def let_go(self, person: int, number: int) -> None:
        user, one = self.people[person], self.comments[number]
        claims.let_go(self.runtime, user, one.comment_id)
        if one.holder == user:
            one.free()
        if one.handed_to == user:
            one.keep()

    @rule(person=PEOPLE, number=NUMBERS)
    def escalate(self, person: int, number: int) -> None:
        user, one = self.people[person], self.comments[number]
        free = one.holder_at(self.now) in (None, user)
        if not one.open or one.escalated or not free:
            stale = not one.open or one.escalated
            with pytest.raises(StaleReview if stale else Claimed):
                escalate(self.runtime, user, one.comment_id, seen=one.sequence)
            return
        escalate(self.runtime, user, one.comment_id, seen=one.sequence)
        one.escalate()

    @rule(number=NUMBERS)
    def send_back(self, number: int) -> None:
        olga, one = self.people[2], self.comments[number]
        if not (one.open and one.escalated):
            with pytest.raises(StaleReview):
                send_back(self.runtime, olga, one.comment_id, seen=one.sequence)
            return
        send_back(self.runtime, olga, one.comment_id, seen=one.sequence)
        one.escalated = False

    @rule(person=PEOPLE)
    def sign_out(self, person: int) -> None:
        user = self.people[person]
        moments = dict.fromkeys(("created_at", "seen_at", "expires_at"), self.now)
        row = {"token_digest": digest_token("a token"), "user_id": user.id, "data": {}}
        with self.runtime.transaction() as connection:
            sessions.add(connection, row | moments)
        sign_out(self.runtime, "a token")
        for one in self.comments:
            if one.holder == user:
                one.free()

    @rule(seconds=st.sampled_from([1, 60, 179, 180, 181, 1801]))
    def time_passes(self, seconds: int) -> None:
        self.clock.pass_time(seconds=seconds)

    @invariant()
    def everybody_sees_who_is_on_what(self) -> None:
        page = queue_page(self.runtime, self.people[0], self.sites)
        cards = [*page.handed, *page.cards]
        seen = {card.comment.id: card for card in cards}
        waiting = [one for one in self.comments if one.open and not one.escalated]
        assert set(seen) == {one.comment_id for one in waiting}
        assert page.tally.waiting == len(waiting)
        self._agree_on_claims(seen, waiting)
        assert {card.comment.id for card in page.handed} == {
            one.comment_id for one in waiting if one.handed_to == self.people[0]
        }
        order = [one.comment_id for one in waiting if one.handed_to != self.people[0]]
        assert [card.comment.id for card in page.cards] == order

    @invariant()
    def operators_see_who_is_on_what_waits_for_them(self) -> None:
        page = queue_page(self.runtime, self.people[2], self.sites, Filter(escalated=True))
        # What was handed to somebody stands on top of every part of the queue.
        handed = [card for card in page.handed if card.waiting and card.waiting.for_operators]
        seen = {card.comment.id: card for card in [*handed, *page.cards]}
        waiting = [one for one in self.comments if one.open and one.escalated]
        assert set(seen) == {one.comment_id for one in waiting}
        self._agree_on_claims(seen, waiting)

    def _agree_on_claims(self, seen: Mapping[CommentId, Card], waiting: Sequence[Expected]) -> None:
        for one in waiting:
            claim, holder = seen[one.comment_id].claim, one.holder_at(self.now)
            assert (claim and claim.user_id) == (holder and holder.id)
            assert claim is None or claim.since == one.since

    @invariant()
    def who_moderates_another_site_sees_nothing(self) -> None:
        assert queue_page(self.runtime, self.mallory, self.sites).cards == ()

    def teardown(self) -> None:
        """Whatever happened, after three minutes, or what a handover takes, all is free again."""
        self.clock.pass_time(minutes=31)
        for one in self.comments:
            if one.open:
                assert claims.hold(self.runtime, self.people[2], one.comment_id, None)


@pytest.mark.usefixtures("time_is_held")
def test_nobody_is_overruled_unknowingly_and_no_claim_stays(
    runtime: Runtime, clock: FakeClock
) -> None:
    stateful.run(lambda: Desk(runtime, clock), examples=15, steps=40)
