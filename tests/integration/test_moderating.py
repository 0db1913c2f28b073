"""What a person decides, takes back, and when the site is told."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

from moderation.model.comments import Display, Status
from moderation.model.decisions import Action, Source
from moderation.model.errors import NotFound, StaleReview, TooLateToUndo
from moderation.model.ids import CommentId
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services.announcements import publish_due
from moderation.services.moderating import decide_comment, undo
from moderation.services.reading import decisions_after, get_comment
from moderation.services.undoing import undo_last
from moderation.storage import comments, reviews
from tests.complaining import reported
from tests.factories import (
    Agora,
    FakeClock,
    classify_all,
    flagged_comment,
    make_agora,
    submit,
)
from tests.statements import heard

SEEN = 1
"""The sequence of a comment after its first, automatic decision."""


def status_of(runtime: Runtime, agora: Agora, comment_id: CommentId) -> Status:
    return get_comment(runtime, agora.site_id, comment_id).comment.status


@pytest.mark.parametrize(
    ("action", "status"),
    [(Action.APPROVE, Status.APPROVED), (Action.REJECT, Status.REJECTED)],
)
def test_a_person_clears_a_flagged_comment(
    runtime: Runtime, agora: Agora, action: Action, status: Status
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decision = decide_comment(
        runtime, agora.alice, comment_id, action, seen=SEEN, words=Words(note="house rule")
    )
    assert (decision.source, decision.user_name) == (Source.MODERATOR, "Alice")
    assert decision.policy_version == 1
    assert status_of(runtime, agora, comment_id) is status


def test_two_people_never_decide_the_same_comment_unknowingly(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=SEEN)
    with pytest.raises(StaleReview):
        decide_comment(runtime, agora.olga, comment_id, Action.REJECT, seen=SEEN)
    assert status_of(runtime, agora, comment_id) is Status.APPROVED


def test_an_edit_meanwhile_makes_a_decision_stale(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    submit(runtime, agora.site_id, text="Something else.")
    with pytest.raises(StaleReview):
        decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=SEEN)


def test_another_sites_comment_does_not_exist(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    with pytest.raises(NotFound):
        decide_comment(runtime, agora.mallory, comment_id, Action.APPROVE, seen=SEEN)


def test_an_undone_decision_opens_the_review_again(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    made = decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=SEEN)
    undone = undo(runtime, agora.alice, made.id)
    assert (undone.action, undone.undoes) == (Action.FLAG, made.id)
    assert status_of(runtime, agora, comment_id) is Status.FLAGGED
    decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=undone.sequence)


def test_an_undone_comment_takes_its_old_place_in_the_queue(runtime: Runtime, agora: Agora) -> None:
    first, second = (flagged_comment(runtime, agora.site_id, name) for name in ("c1", "c2"))
    made = decide_comment(runtime, agora.alice, first, Action.APPROVE, seen=SEEN)
    undo(runtime, agora.alice, made.id)
    with runtime.reading() as connection:
        waiting = connection.execute(
            select(reviews.reviews.c.comment_id)
            .where(reviews.reviews.c.state == "open")
            .order_by(reviews.reviews.c.id)
        )
        assert [row.comment_id for row in waiting] == [first, second]


def test_only_the_last_decision_can_be_undone(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    first = decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=1)
    decide_comment(runtime, agora.olga, comment_id, Action.APPROVE, seen=2)
    with pytest.raises(TooLateToUndo):
        undo(runtime, agora.alice, first.id)


def test_a_decision_before_any_classifier_is_undone_into_the_queue(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = submit(runtime, agora.site_id).comment_id
    made = decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=0)
    undo(runtime, agora.alice, made.id)
    assert status_of(runtime, agora, comment_id) is Status.FLAGGED


def told(runtime: Runtime, agora: Agora) -> list[tuple[Action, Display]]:
    publish_due(runtime)
    feed = decisions_after(runtime, agora.site_id, 0, 100)
    return [(one.decision.action, one.display) for one in feed]


FLAGGED = (Action.FLAG, Display.HOLD)
APPROVED = (Action.APPROVE, Display.SHOW)
REJECTED = (Action.REJECT, Display.HIDE)


def test_the_site_is_told_after_the_undo_window(held_runtime: Runtime, clock: FakeClock) -> None:
    agora = make_agora(held_runtime)
    comment_id = flagged_comment(held_runtime, agora.site_id)
    decide_comment(held_runtime, agora.alice, comment_id, Action.APPROVE, seen=SEEN)
    assert told(held_runtime, agora) == [FLAGGED]
    clock.pass_time(seconds=11)
    assert told(held_runtime, agora) == [FLAGGED, APPROVED]


def test_what_is_undone_in_time_is_never_told(held_runtime: Runtime, clock: FakeClock) -> None:
    agora = make_agora(held_runtime)
    comment_id = flagged_comment(held_runtime, agora.site_id)
    made = decide_comment(held_runtime, agora.alice, comment_id, Action.APPROVE, seen=SEEN)
    undo(held_runtime, agora.alice, made.id)
    clock.pass_time(seconds=60)
    assert told(held_runtime, agora) == [FLAGGED]


def test_what_is_undone_later_is_told_too(held_runtime: Runtime, clock: FakeClock) -> None:
    agora = make_agora(held_runtime)
    comment_id = flagged_comment(held_runtime, agora.site_id)
    made = decide_comment(held_runtime, agora.alice, comment_id, Action.APPROVE, seen=SEEN)
    clock.pass_time(seconds=11)
    assert told(held_runtime, agora) == [FLAGGED, APPROVED]
    undo(held_runtime, agora.alice, made.id)
    clock.pass_time(seconds=11)
    assert told(held_runtime, agora) == [FLAGGED, APPROVED, FLAGGED]


def test_undoing_the_second_of_two_untold_decisions_tells_the_first(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    comment_id = flagged_comment(held_runtime, agora.site_id)
    decide_comment(held_runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    second = decide_comment(held_runtime, agora.alice, comment_id, Action.REJECT, seen=2)
    undo(held_runtime, agora.alice, second.id)
    clock.pass_time(seconds=11)
    assert told(held_runtime, agora) == [FLAGGED, APPROVED]


def test_a_comment_on_display_is_taken_down_at_once(held_runtime: Runtime) -> None:
    agora = make_agora(held_runtime)
    comment_id = submit(held_runtime, agora.site_id).comment_id
    classify_all(held_runtime)
    decide_comment(held_runtime, agora.alice, comment_id, Action.REJECT, seen=SEEN)
    assert told(held_runtime, agora) == [APPROVED, REJECTED]


def test_an_imported_comment_on_display_is_taken_down_at_once(held_runtime: Runtime) -> None:
    agora = make_agora(held_runtime)
    comment_id = submit(held_runtime, agora.site_id).comment_id
    with held_runtime.transaction() as connection:
        comments.change(connection, comment_id, status=Status.APPROVED)
    decide_comment(held_runtime, agora.alice, comment_id, Action.REJECT, seen=0)
    assert told(held_runtime, agora) == [REJECTED]


def test_nobody_waits_for_a_sites_feed_longer_than_it_takes_to_write_the_event(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    def after_the_lock(act: Callable[[], object]) -> set[str]:
        with heard(held_runtime) as said:
            act()
        written = [" ".join(one.text.split()[:3]) for one in said if not one.reads]
        return set(written[written.index("UPDATE sites SET") + 1 :])

    agora = make_agora(held_runtime)
    comment_id = submit(held_runtime, agora.site_id).comment_id
    classify_all(held_runtime)
    reported(held_runtime, agora.site_id, comment_id)
    reject = partial(decide_comment, held_runtime, agora.alice, comment_id, Action.REJECT, seen=1)
    assert after_the_lock(reject) == {"INSERT INTO events"}
    decide_comment(held_runtime, agora.alice, comment_id, Action.APPROVE, seen=2)
    clock.pass_time(seconds=11)
    assert told(held_runtime, agora)[-1] == APPROVED
    assert after_the_lock(lambda: undo_last(held_runtime, agora.alice)) == {"INSERT INTO events"}
    assert told(held_runtime, agora)[-1] == REJECTED


def test_an_edit_calls_off_what_the_site_was_not_told(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    comment_id = flagged_comment(held_runtime, agora.site_id)
    decide_comment(held_runtime, agora.alice, comment_id, Action.APPROVE, seen=SEEN)
    submit(held_runtime, agora.site_id, text="Something else.")
    clock.pass_time(seconds=11)
    assert told(held_runtime, agora) == [FLAGGED]
