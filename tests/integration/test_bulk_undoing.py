"""Taking a whole bulk back: all as it was before, but for what others changed since."""

import itertools
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from moderation.model.bulks import BulkAction, BulkState, Fate
from moderation.model.comments import Status
from moderation.model.decisions import Action
from moderation.model.errors import TooLateToUndo
from moderation.model.ids import CommentId
from moderation.runtime import Runtime
from moderation.services.announcements import publish_due
from moderation.services.bulk_previewing import preview
from moderation.services.bulk_running import take_turn
from moderation.services.bulks import bulk_page, start
from moderation.services.claims import hold
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment
from moderation.services.reading import decisions_after
from moderation.services.setting_aside import escalate, send_back
from moderation.services.undoing import undo_act, undo_last
from moderation.storage import comments, reviews
from moderation.storage.comments import comments as comments_table
from tests.bulks import begin, chosen, entries, fates, flagged, run, statuses, words_for
from tests.complaining import reported
from tests.factories import Agora, FakeClock, make_agora, submit
from tests.stateful import profile

NUMBERS = itertools.count()


def standing(runtime: Runtime, ids: list[CommentId]) -> dict[CommentId, Any]:
    """Return where comments stand, and how they wait, without what every change counts up."""
    c, r = comments_table.c, reviews.reviews.c
    columns = (r.id.label("review"), r.due_at, r.risk, r.reasons, r.escalated_at, r.escalated_by)
    statement = (
        select(c.id, c.status, *columns)
        .outerjoin(reviews.reviews, (r.comment_id == c.id) & reviews.waiting)
        .where(c.id.in_(ids))
    )
    with runtime.reading() as connection:
        return {row.id: tuple(row) for row in connection.execute(statement)}


@pytest.mark.parametrize("action", list(BulkAction))
def test_a_bulk_is_undone_as_one(runtime: Runtime, agora: Agora, action: BulkAction) -> None:
    ids = flagged(runtime, agora.site_id, 30)
    reported(runtime, agora.site_id, ids[0])
    before = standing(runtime, ids)
    bulk_id = begin(runtime, agora.alice, chosen(*ids), action)
    run(runtime)
    assert standing(runtime, ids) != before
    undone = undo_last(runtime, agora.alice)
    assert undone is not None
    assert undone.refused is None
    assert bulk_page(runtime, agora.alice, bulk_id).to_come == 30
    run(runtime)
    assert standing(runtime, ids) == before
    assert bulk_page(runtime, agora.alice, bulk_id).bulk.state is BulkState.UNDONE
    assert undo_last(runtime, agora.alice) is None, "once"
    [entry] = entries(runtime, "bulk-undo")
    assert entry == {"bulk": str(bulk_id), "count": 30, "kept": 0}
    assert len(entries(runtime, "bulk")) == 1


def test_what_others_changed_since_is_left_and_listed(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 4)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    run(runtime)
    decide_comment(runtime, agora.olga, ids[1], Action.APPROVE, seen=2)
    erase(runtime, agora.site_id, ids[2])
    submit(runtime, agora.site_id, "c3", text="I take that back.")
    others = standing(runtime, ids[1:])
    undo_last(runtime, agora.alice)
    run(runtime)
    assert list(fates(runtime, bulk_id).values()) == [Fate.UNDONE, Fate.KEPT, Fate.KEPT]
    assert standing(runtime, ids[1:]) == others
    page = bulk_page(runtime, agora.alice, bulk_id)
    assert {left.comment.id for left in page.left} == {ids[1], ids[3]}


def test_undone_in_the_middle_what_had_no_turn_gets_none(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 60)
    before = standing(runtime, ids)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    take_turn(runtime)
    undo_last(runtime, agora.alice)
    run(runtime)
    assert set(fates(runtime, bulk_id).values()) == {Fate.UNDONE, Fate.STOPPED}
    assert standing(runtime, ids) == before
    assert len(entries(runtime, "bulk")) == 1


def test_the_site_hears_nothing_of_a_bulk_that_is_undone_at_once(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    ids = flagged(held_runtime, agora.site_id, 3)
    heard = len(decisions_after(held_runtime, agora.site_id, 0, 100))
    begin(held_runtime, agora.alice, chosen(*ids))
    run(held_runtime)
    undo_last(held_runtime, agora.alice)
    run(held_runtime)
    clock.pass_time(seconds=60)
    publish_due(held_runtime)
    assert len(decisions_after(held_runtime, agora.site_id, 0, 100)) == heard


def test_the_site_is_told_again_of_what_is_undone_after_it_was_told(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    ids = flagged(held_runtime, agora.site_id, 3)
    heard = len(decisions_after(held_runtime, agora.site_id, 0, 100))

    def told_since() -> list[tuple[CommentId, Action]]:
        clock.pass_time(seconds=11)
        publish_due(held_runtime)
        since = decisions_after(held_runtime, agora.site_id, 0, 100)[heard:]
        return [(one.decision.comment_id, one.decision.action) for one in since]

    begin(held_runtime, agora.alice, chosen(*ids))
    run(held_runtime)
    rejected = [(one, Action.REJECT) for one in ids]
    assert sorted(told_since()) == rejected
    undo_last(held_runtime, agora.alice)
    run(held_runtime)
    again = told_since()
    assert sorted(again[:3]) == rejected
    assert sorted(again[3:]) == [(one, Action.FLAG) for one in ids]


def test_what_operators_decided_together_waits_for_them_again(
    runtime: Runtime, agora: Agora
) -> None:
    ids = flagged(runtime, agora.site_id, 2)
    for one in ids:
        escalate(runtime, agora.alice, one, seen=1, note="legal?")
    before = standing(runtime, ids)
    bulk_id = begin(runtime, agora.olga, chosen(*ids), BulkAction.APPROVE)
    run(runtime)
    assert set(fates(runtime, bulk_id).values()) == {Fate.DONE}
    assert statuses(runtime, ids) == {Status.APPROVED: 2}
    undo_last(runtime, agora.olga)
    run(runtime)
    assert standing(runtime, ids) == before


def test_a_bulk_can_be_undone_for_a_minute_after_it_ended(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    first, second = flagged(held_runtime, agora.site_id, 2)
    for one, seconds, late in ((first, 59, False), (second, 60, True)):
        bulk_id = begin(held_runtime, agora.alice, chosen(one))
        clock.pass_time(hours=1)
        run(held_runtime)
        clock.pass_time(seconds=seconds)
        assert bulk_page(held_runtime, agora.alice, bulk_id).can_be_undone is not late
        undone = undo_last(held_runtime, agora.alice)
        assert undone is not None
        assert isinstance(undone.refused, TooLateToUndo) is late
    assert undo_last(held_runtime, agora.alice) is None


def test_undoing_goes_back_over_a_bulk_in_the_order_of_what_was_done(
    runtime: Runtime, agora: Agora
) -> None:
    one, two, three = flagged(runtime, agora.site_id, 3)
    decide_comment(runtime, agora.alice, one, Action.APPROVE, seen=1)
    bulk_id = begin(runtime, agora.alice, chosen(two))
    run(runtime)
    decide_comment(runtime, agora.alice, three, Action.APPROVE, seen=1)
    undone = [undo_last(runtime, agora.alice) for _ in range(3)]
    assert [each and each.act.comment_id for each in undone] == [three, None, one]
    run(runtime)
    with runtime.reading() as connection:
        rows = comments.states_of(connection, [one, two, three])
    assert {row.status for row in rows} == {Status.FLAGGED}
    assert undone[1] is not None
    again = undo_act(runtime, agora.alice, undone[1].act.id)
    assert isinstance(again.refused, TooLateToUndo)
    assert bulk_id


@dataclass
class Meanwhile:
    """What others do to one comment, at some moment of a bulk."""

    runtime: Runtime
    agora: Agora

    def nothing(self, _comment_id: CommentId) -> None:
        """Leave it."""

    def approve(self, comment_id: CommentId) -> None:
        decide_comment(
            self.runtime, self.agora.olga, comment_id, Action.APPROVE, seen=self._seen(comment_id)
        )

    def flag(self, comment_id: CommentId) -> None:
        decide_comment(
            self.runtime, self.agora.olga, comment_id, Action.FLAG, seen=self._seen(comment_id)
        )

    def escalate(self, comment_id: CommentId) -> None:
        if self._waits(comment_id, escalated=False):
            escalate(self.runtime, self.agora.olga, comment_id, seen=self._seen(comment_id))

    def send_back(self, comment_id: CommentId) -> None:
        if self._waits(comment_id, escalated=True):
            send_back(self.runtime, self.agora.olga, comment_id, seen=self._seen(comment_id))

    def hold(self, comment_id: CommentId) -> None:
        hold(self.runtime, self.agora.olga, comment_id, None)

    def report(self, comment_id: CommentId) -> None:
        # Another reader for each: nobody may report faster than anybody reads.
        reported(self.runtime, self.agora.site_id, comment_id, f"reader of {comment_id}")

    def do(self, what: list[str], ids: list[CommentId]) -> None:
        for name, comment_id in zip(what, ids, strict=True):
            getattr(self, name)(comment_id)

    def _seen(self, comment_id: CommentId) -> int:
        with self.runtime.reading() as connection:
            return int(comments.states_of(connection, [comment_id])[0].sequence)

    def _waits(self, comment_id: CommentId, *, escalated: bool) -> bool:
        with self.runtime.reading() as connection:
            review = reviews.of_waiting(connection, comment_id)
        return review is not None and (review.escalated_at is not None) is escalated


DOES = ("nothing", "nothing", "approve", "flag", "escalate", "send_back", "hold", "report")
BEFORE = frozenset({"approve", "flag", "escalate", "hold"})
"""What keeps a comment out of a bulk; nothing was escalated yet that could be sent back."""
TOUCHES = frozenset({"approve", "flag", "escalate", "send_back"})
WHEN = st.lists(st.sampled_from(DOES), min_size=6, max_size=6)


@dataclass(frozen=True)
class Course:
    """A bulk over six comments, and what others do to each: once it is previewed, and run."""

    action: BulkAction
    looked: list[str]
    ran: list[str]
    turns: int


COURSES = st.builds(Course, st.sampled_from(BulkAction), WHEN, WHEN, st.integers(0, 3))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@profile(25)
@given(course=COURSES)
def test_a_bulk_and_its_undo_restore_exactly_and_touch_nothing_of_others(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch, course: Course
) -> None:
    monkeypatch.setattr("moderation.services.bulk_running.CHUNK", 3)
    ids = flagged(runtime, agora.site_id, 6, f"{next(NUMBERS)}-")
    bulk_id = preview(runtime, agora.alice, chosen(*ids))
    others = Meanwhile(runtime, agora)
    others.do(course.looked, ids)
    before = standing(runtime, ids)
    start(runtime, agora.alice, bulk_id, course.action, words_for(course.action))
    for _ in range(course.turns):
        take_turn(runtime)
    ran = fates(runtime, bulk_id)
    for one, what in zip(ids, course.looked, strict=True):
        assert ran[one] is not Fate.DONE or what not in BEFORE, "decided over others"
    others.do(course.ran, ids)
    changed = standing(runtime, ids)
    undo_last(runtime, agora.alice)
    run(runtime)
    after, ended = standing(runtime, ids), fates(runtime, bulk_id)
    for one, what in zip(ids, course.ran, strict=True):
        undone = ended[one] is Fate.UNDONE
        assert undone is (ran[one] is Fate.DONE and ended[one] is not Fate.KEPT)
        assert ended[one] is not Fate.KEPT or what in TOUCHES, "kept without a reason"
        if not undone:
            assert after[one] == changed[one], "not as others left it"
        elif what != "report":
            assert after[one] == before[one], "not as it was"
