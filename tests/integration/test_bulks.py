"""Bulks: many comments decided by one act, exactly once each."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from moderation.model.acts import ActKind
from moderation.model.bulks import BulkAction, BulkState, Fate, Means, Selection
from moderation.model.comments import Author, Status
from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput, NotFound
from moderation.model.ids import lowest_uuid, new_uuid
from moderation.model.labels import Label
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services.appealing import appeal
from moderation.services.bulk_previewing import preview
from moderation.services.bulk_running import take_turn
from moderation.services.bulks import bulk_page, has_turns, start
from moderation.services.claims import hold
from moderation.services.desk import card_of
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment
from moderation.services.people import disable_user
from moderation.services.retention import BULKS_KEPT, PREVIEWS_KEPT, forget_finished
from moderation.services.second_looks import change_share, look, next_look
from moderation.services.setting_aside import escalate
from moderation.services.undoing import undo_last
from moderation.storage import bulks, retention
from moderation.storage.acts import acts
from moderation.storage.decisions import decisions
from moderation.storage.events import events
from tests.bulks import begin, chosen, entries, fates, flagged, page, run, statuses
from tests.complaining import let_sign_in, reported
from tests.factories import Agora, FakeClock, classify_all, flagged_comment, submit
from tests.statements import heard

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MOST_OF_A_TURN = 14
"""Statements of a turn that are of no single comment."""
STATEMENTS = {
    BulkAction.APPROVE: (10, 14),
    BulkAction.REJECT: (10, 14),
    BulkAction.ESCALATE: (3, 2),
}
"""Of one comment: of the decision on it, and of taking that back."""


def test_a_bulk_decides_each_comment_once_and_tells_the_site_of_each(
    runtime: Runtime, agora: Agora
) -> None:
    ids = flagged(runtime, agora.site_id, 60)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    assert has_turns(runtime)
    assert run(runtime) > 2, "some at a time"
    assert not has_turns(runtime)
    assert statuses(runtime, ids) == {Status.REJECTED: 60}
    shown = page(runtime, agora, bulk_id)
    assert shown.bulk.state is BulkState.DONE
    assert (shown.previewed, shown.number(Fate.DONE), shown.to_come) == (60, 60, 0)
    with runtime.reading() as connection:
        of_alice = decisions.c.user_id == agora.alice.id
        made = connection.execute(select(decisions).where(of_alice)).all()
        told = connection.execute(select(func.count()).where(events.c.position.is_(None))).scalar()
    assert len({row.comment_id for row in made}) == len(made) == 60
    assert {row.reasons[0]["code"] for row in made} == {"spam"}
    assert told == 60, "after ten seconds, as for one"


def test_a_bulk_has_one_entry_that_says_how_many_and_how_they_were_selected(
    runtime: Runtime, agora: Agora
) -> None:
    ids = flagged(runtime, agora.site_id, 3, author=Author(id="u1", name="Canary"))
    bulk_id = begin(runtime, agora.alice, Selection(Means.AUTHOR, like=ids[0]))
    decide_comment(runtime, agora.olga, ids[2], Action.APPROVE, seen=1)
    run(runtime)
    [entry] = entries(runtime, "bulk")
    assert entry == {
        "bulk": str(bulk_id),
        "does": "reject",
        "reason": "spam",
        "means": "author",
        "selected": {},
        "count": 2,
        "left": 1,
    }


def test_what_was_decided_is_what_was_previewed(runtime: Runtime, agora: Agora) -> None:
    """Nothing that came since is touched, and nothing that changed since."""
    ids = flagged(runtime, agora.site_id, 4, author=Author(id="u1"))
    bulk_id = preview(runtime, agora.alice, Selection(Means.AUTHOR, like=ids[0]))
    [late] = flagged(runtime, agora.site_id, 1, "late", author=Author(id="u1"))
    decide_comment(runtime, agora.olga, ids[0], Action.APPROVE, seen=1)
    hold(runtime, agora.olga, ids[1], None)
    erase(runtime, agora.site_id, ids[2])
    start(runtime, agora.alice, bulk_id, BulkAction.REJECT, Words(reason="spam"))
    run(runtime)
    assert fates(runtime, bulk_id) == dict(
        zip((ids[0], ids[1], ids[3]), (Fate.CHANGED, Fate.CLAIMED, Fate.DONE), strict=True)
    ), "of what was erased nothing is known"
    assert statuses(runtime, [late, ids[1]]) == {Status.FLAGGED: 2}
    assert page(runtime, agora, bulk_id).by_fate == {Fate.CHANGED: 1, Fate.CLAIMED: 1}


def test_a_comment_that_waits_anew_is_not_the_one_that_was_previewed(
    runtime: Runtime, agora: Agora
) -> None:
    [one] = flagged(runtime, agora.site_id, 1)
    bulk_id = begin(runtime, agora.alice, chosen(one))
    submit(runtime, agora.site_id, "c0", text="Another text, an idiot said.")
    classify_all(runtime, {**dict.fromkeys(Label, 0.05), Label.TOXICITY: 0.9})
    run(runtime)
    assert fates(runtime, bulk_id) == {one: Fate.CHANGED}


def test_what_cannot_be_decided_together_is_left_out_of_the_preview(
    runtime: Runtime, agora: Agora
) -> None:
    alice = replace(agora.alice, site_ids=frozenset({agora.site_id, agora.other_site_id}))
    ids = flagged(runtime, agora.site_id, 4)
    [elsewhere] = flagged(runtime, agora.other_site_id, 1)
    hold(runtime, agora.olga, ids[1], None)
    escalate(runtime, agora.olga, ids[2], seen=1)
    decide_comment(runtime, agora.olga, ids[3], Action.REJECT, seen=1, words=Words(reason="spam"))
    appeal(runtime, agora.site_id, ids[3], "Why?")
    selection = chosen(ids[0], ids[1], ids[2], elsewhere)
    bulk_id = preview(runtime, alice, selection)
    wanted = (Fate.WAITING, Fate.CLAIMED, Fate.ESCALATED, Fate.ELSEWHERE)
    assert list(fates(runtime, bulk_id).values()) == list(wanted)
    assert bulk_page(runtime, alice, bulk_id).previewed == 1
    contested = preview(runtime, agora.alice, chosen(ids[3], seen=3))
    assert fates(runtime, contested) == {ids[3]: Fate.APPEALED}
    with pytest.raises(InvalidInput, match="Nothing in there"):
        start(runtime, agora.alice, contested, BulkAction.APPROVE)


@pytest.mark.usefixtures("unhurried_turns")
def test_who_may_not_any_more_decides_no_more(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 30)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    assert take_turn(runtime)
    disable_user(runtime, agora.alice.email)
    run(runtime)
    assert Counter(fates(runtime, bulk_id).values()) == {Fate.DONE: 25, Fate.NOT_ALLOWED: 5}


def test_two_bulks_over_the_same_comments_decide_each_once(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 30)
    by_alice = begin(runtime, agora.alice, chosen(*ids))
    by_olga = begin(runtime, agora.olga, chosen(*reversed(ids)), BulkAction.APPROVE)
    run(runtime)
    first, second = fates(runtime, by_alice), fates(runtime, by_olga)
    for one in ids:
        assert {first[one], second[one]} == {Fate.DONE, Fate.CHANGED}
    assert Counter(first.values())[Fate.DONE] == 30 - Counter(second.values())[Fate.DONE]
    assert statuses(runtime, ids) == {
        Status.REJECTED: Counter(first.values())[Fate.DONE],
        Status.APPROVED: Counter(second.values())[Fate.DONE],
    }


def test_many_workers_decide_each_comment_once(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 120)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(run, runtime) for _ in range(4)]:
            done.result()
    run(runtime)
    assert set(fates(runtime, bulk_id).values()) == {Fate.DONE}
    with runtime.reading() as connection:
        of_alice = decisions.c.user_id == agora.alice.id
        assert connection.execute(select(func.count()).where(of_alice)).scalar() == 120


@pytest.mark.usefixtures("unhurried_turns")
@pytest.mark.parametrize(("action", "statements"), STATEMENTS.items())
def test_a_turn_costs_as_much_for_each_comment_and_little_besides(
    runtime: Runtime, agora: Agora, action: BulkAction, statements: tuple[int, int]
) -> None:
    def cost() -> int:
        with heard(runtime) as said:
            assert take_turn(runtime)
        return len(said)

    def costs(number: int, begins: str) -> tuple[int, int]:
        ids = flagged(runtime, agora.site_id, number, begins)
        begin(runtime, agora.alice, chosen(*ids), action)
        done = cost()
        undo_last(runtime, agora.alice)
        return done, cost()

    one, few, many = (costs(*given) for given in ((1, "a"), (4, "b"), (20, "c")))
    for each, first, some, most in zip(statements, one, few, many, strict=True):
        assert (some - first, most - first) == (3 * each, 19 * each)
        assert first <= MOST_OF_A_TURN + each


def test_a_bulk_with_reports_answers_those_that_were_there_at_the_preview(
    runtime: Runtime, agora: Agora
) -> None:
    ids = flagged(runtime, agora.site_id, 2)
    reported(runtime, agora.site_id, ids[0], "reader-1")
    bulk_id = preview(runtime, agora.alice, chosen(*ids))
    assert page(runtime, agora, bulk_id).reported == 1
    reported(runtime, agora.site_id, ids[0], "reader-2")
    start(runtime, agora.alice, bulk_id, BulkAction.APPROVE)
    run(runtime)
    assert statuses(runtime, ids) == {Status.APPROVED: 2}
    open_ones = card_of(runtime, agora.alice, ids[0]).complaints.reports
    assert open_ones is not None
    assert open_ones.readers == 1


def test_a_bulk_escalates(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 3)
    bulk_id = preview(runtime, agora.alice, chosen(*ids))
    escalate(runtime, agora.olga, ids[0], seen=1)
    start(runtime, agora.alice, bulk_id, BulkAction.ESCALATE, Words(note="legal?"))
    run(runtime)
    wanted = [Fate.ESCALATED, Fate.DONE, Fate.DONE]
    assert list(fates(runtime, bulk_id).values()) == wanted
    waiting = card_of(runtime, agora.olga, ids[1]).waiting
    assert waiting is not None
    assert waiting.escalation is not None
    assert (waiting.escalation.by, waiting.escalation.note) == ("Alice", "legal?")


def test_what_a_person_wrote_is_kept_by_the_decisions_alone(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 2)
    words = Words(reason="spam", note="canary", message="Please stop.")
    bulk_id = begin(runtime, agora.alice, chosen(*ids), words=words)
    run(runtime)
    last = card_of(runtime, agora.alice, ids[0]).last
    assert last is not None
    assert (last.note, last.message_to_author) == (
        f"{last.reasons[0].title}: canary",
        "Please stop.",
    )
    with runtime.reading() as connection:
        assert connection.execute(select(bulks.bulks.c.said)).scalar() is None
    assert bulk_id


def test_saying_yes_twice_is_one_bulk(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 2)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    start(runtime, agora.alice, bulk_id, BulkAction.APPROVE)
    assert page(runtime, agora, bulk_id).bulk.action is BulkAction.REJECT
    with runtime.reading() as connection:
        of_bulk = acts.c.kind == ActKind.BULK
        assert connection.execute(select(func.count()).where(of_bulk)).scalar() == 1


def test_a_bulk_is_seen_by_whoever_made_it_and_nobody_else(runtime: Runtime, agora: Agora) -> None:
    bulk_id = preview(runtime, agora.alice, chosen(flagged_comment(runtime, agora.site_id)))
    for user in (agora.olga, agora.mallory, replace(agora.alice, site_ids=frozenset())):
        with pytest.raises(NotFound):
            bulk_page(runtime, user, bulk_id)
        with pytest.raises(NotFound):
            start(runtime, user, bulk_id, BulkAction.APPROVE)


def test_a_person_has_one_preview_and_what_runs_is_none(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 3)
    running = begin(runtime, agora.alice, chosen(ids[0]))
    of_olga = preview(runtime, agora.olga, chosen(*ids))
    earlier = preview(runtime, agora.alice, chosen(*ids))
    with pytest.raises(InvalidInput):
        preview(runtime, agora.alice, chosen())
    assert page(runtime, agora, earlier).previewed == 3, "nothing came of that one"
    present = preview(runtime, agora.alice, chosen(*ids[1:]))
    assert fates(runtime, earlier) == {}
    with pytest.raises(NotFound):
        start(runtime, agora.alice, earlier, BulkAction.APPROVE)
    assert page(runtime, agora, present).previewed == 2
    assert page(runtime, agora, running).bulk.state is BulkState.RUNNING
    assert bulk_page(runtime, agora.olga, of_olga).previewed == 3


def test_bulks_are_forgotten_once_they_are_over(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 3)
    looked = preview(runtime, agora.olga, chosen(*ids))
    over, running = (begin(runtime, agora.alice, chosen(one)) for one in ids[:2])
    with runtime.transaction() as connection:
        bulks.change(connection, over, turn_at=None)
        long_ago, later = lowest_uuid(runtime.database_now(connection) - DAY), new_uuid()
        for previewed, ended, most, removed in (
            (long_ago, long_ago, 9, 0),
            (later, long_ago, 2, 2),
            (later, long_ago, 2, 1),
            (later, later, 9, 1),
            (later, later, 9, 0),
        ):
            assert retention.remove_bulks(connection, previewed, ended, most) == removed
        left = [bulks.by_id(connection, one) is not None for one in (looked, over, running)]
    assert left == [False, False, True]


@pytest.mark.usefixtures("time_is_held_now")
def test_bulks_are_forgotten_after_a_month_and_previews_after_a_shift(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    one, two, three = flagged(runtime, agora.site_id, 3)
    over = begin(runtime, agora.alice, chosen(one))
    run(runtime)
    looked = preview(runtime, agora.alice, chosen(two, three))
    running = begin(runtime, agora.olga, chosen(three))

    def left_after(since: timedelta) -> list[bool]:
        clock.moment = began + since
        forget_finished(runtime)
        with runtime.reading() as connection:
            known = [bulks.by_id(connection, each) for each in (looked, over, running)]
        return [each is not None for each in known]

    began = clock.moment
    assert left_after(PREVIEWS_KEPT - MINUTE) == [True, True, True]
    assert left_after(PREVIEWS_KEPT + MINUTE) == [False, True, True]
    assert left_after(BULKS_KEPT - MINUTE) == [False, True, True]
    assert left_after(BULKS_KEPT + MINUTE) == [False, False, True]
    assert fates(runtime, over) == {}


def test_decisions_of_a_bulk_get_no_second_look_and_disputes_are_no_part_of_one(
    runtime: Runtime, agora: Agora
) -> None:
    let_sign_in(runtime, agora.alice, agora.olga)
    change_share(runtime, "agora", 1.0)
    *ids, alone = flagged(runtime, agora.site_id, 3)
    begin(runtime, agora.alice, chosen(*ids))
    run(runtime)
    assert next_look(runtime, agora.olga, [agora.site_id]) is None
    decide_comment(runtime, agora.alice, alone, Action.REJECT, seen=1, words=Words(reason="spam"))
    found = next_look(runtime, agora.olga, [agora.site_id])
    assert found is not None
    assert found.left == 1
    look(runtime, agora.olga, found.id, Action.APPROVE, seen=2)
    disputed = preview(runtime, agora.olga, chosen(found.card.comment.id, seen=2))
    assert list(fates(runtime, disputed).values()) == [Fate.DISPUTED]
