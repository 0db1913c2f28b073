"""Bulks whose turns break: nothing is half done, nothing overwritten, and no other bulk waits."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from moderation.model.bulks import TRIES, BulkState, Fate
from moderation.model.comments import Status
from moderation.model.decisions import Decision
from moderation.model.errors import StorageUnavailable
from moderation.model.ids import BulkId
from moderation.runtime import Runtime
from moderation.services import applying, bulk_deciding, bulk_ending, bulk_running
from moderation.services.applying import Made, New
from moderation.services.bulk_running import take_turn
from moderation.services.bulks import has_turns
from moderation.services.undoing import undo_last
from moderation.storage.bulk_comments import bulk_comments
from tests.bulks import (
    begin,
    break_turns,
    chosen,
    entries,
    fates,
    flagged,
    page,
    run,
    statuses,
)
from tests.factories import Agora


def test_a_turn_that_dies_leaves_nothing_half_done(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = flagged(runtime, agora.site_id, 30)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(bulk_running, "tell", die)
        with pytest.raises(SystemExit):
            take_turn(runtime)
    assert set(fates(runtime, bulk_id).values()) == {Fate.WAITING}
    assert statuses(runtime, ids) == {Status.FLAGGED: 30}
    assert has_turns(runtime)
    run(runtime)
    assert statuses(runtime, ids) == {Status.REJECTED: 30}


def test_a_comment_that_breaks_its_decision_holds_up_no_other(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = flagged(runtime, agora.site_id, 5)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    decides = bulk_deciding.apply

    def breaks(connection: Connection, new: New, seen: int, now: datetime) -> Decision:
        if new.comment.id == ids[2]:
            raise ValueError("its text: canary")
        return decides(connection, new, seen, now)

    monkeypatch.setattr(bulk_deciding, "apply", breaks)
    run(runtime)
    done = [fate for one, fate in fates(runtime, bulk_id).items() if one != ids[2]]
    assert set(done) == {Fate.DONE}
    assert fates(runtime, bulk_id)[ids[2]] is Fate.FAILED
    assert page(runtime, agora, bulk_id).bulk.state is BulkState.DONE


def test_a_database_that_goes_away_fails_no_comment(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    [one] = flagged(runtime, agora.site_id, 1)
    bulk_id = begin(runtime, agora.alice, chosen(one))

    def away(*_: object) -> None:
        raise OperationalError("", {}, Exception())

    with monkeypatch.context() as broken:
        broken.setattr(bulk_deciding, "apply", away)
        with pytest.raises(StorageUnavailable):
            take_turn(runtime)
    assert fates(runtime, bulk_id) == {one: Fate.WAITING}


class MeanwhileLog:
    """A log at whose first error other workers go on before this one does."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.waits = runtime, True

    def error(self, *_: object, **__: object) -> None:
        if self.waits:
            self.waits = False
            run(self.runtime)


def break_once(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let a function that `bulk_deciding` calls fail the first time."""
    works, broken = getattr(bulk_deciding, name), [ValueError("broken")]

    def breaks(*given: object) -> object:
        if broken:
            raise broken.pop()
        return works(*given)

    monkeypatch.setattr(bulk_deciding, name, breaks)


def test_what_another_worker_did_meanwhile_is_not_overwritten(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    [one] = flagged(runtime, agora.site_id, 1)
    bulk_id = begin(runtime, agora.alice, chosen(one))
    with monkeypatch.context() as once:
        break_once(once, "apply")
        once.setattr(bulk_running, "log", MeanwhileLog(runtime))
        run(runtime)
    assert fates(runtime, bulk_id) == {one: Fate.DONE}
    with runtime.reading() as connection:
        decision = connection.execute(select(bulk_comments.c.decision_id)).scalar()
    assert decision is not None
    undo_last(runtime, agora.alice)
    break_once(monkeypatch, "reverse")
    monkeypatch.setattr(bulk_running, "log", MeanwhileLog(runtime))
    run(runtime)
    assert fates(runtime, bulk_id) == {one: Fate.UNDONE}


def test_a_turn_that_breaks_as_a_whole_holds_up_no_other_bulk(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = flagged(runtime, agora.site_id, 2)
    first, second = (begin(runtime, agora.alice, chosen(one)) for one in ids)
    break_once(monkeypatch, "asking")
    with pytest.raises(ValueError, match="broken"):
        take_turn(runtime)
    assert take_turn(runtime)
    assert fates(runtime, second) == {ids[1]: Fate.DONE}
    assert fates(runtime, first) == {ids[0]: Fate.WAITING}
    run(runtime)
    assert fates(runtime, first) == {ids[0]: Fate.DONE}


def test_a_bulk_whose_turns_break_one_after_the_other_is_given_up(
    runtime: Runtime, agora: Agora
) -> None:
    ids = flagged(runtime, agora.site_id, 2)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    break_turns(runtime, TRIES - 1)
    assert has_turns(runtime)
    break_turns(runtime, 1)
    assert not has_turns(runtime)
    shown = page(runtime, agora, bulk_id)
    assert (shown.bulk.state, shown.bulk.given_up) == (BulkState.DONE, True)
    assert shown.by_fate == {Fate.FAILED: 2}
    assert statuses(runtime, ids) == {Status.FLAGGED: 2}, "they wait as before"
    [entry] = entries(runtime, "bulk")
    assert (entry["count"], entry["left"]) == (0, 2)


@pytest.mark.usefixtures("unhurried_turns")
@pytest.mark.parametrize("undone", [False, True])
def test_a_bulk_whose_ending_breaks_too_ends_without_its_entry(
    runtime: Runtime,
    agora: Agora,
    monkeypatch: pytest.MonkeyPatch,
    undone: bool,  # noqa: FBT001 - a parameter
) -> None:
    ids = flagged(runtime, agora.site_id, 2)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    if undone:
        run(runtime)
        undo_last(runtime, agora.alice)

    def breaks(*_: object) -> None:
        raise ValueError("no entry")

    with monkeypatch.context() as broken:
        broken.setattr(bulk_ending, "_add", breaks)
        for turn in range(2 * TRIES - 1):
            assert has_turns(runtime), turn
            with pytest.raises(ValueError, match="no entry"):
                take_turn(runtime)
        with pytest.raises(ValueError, match="no entry"):
            take_turn(runtime)
    assert not has_turns(runtime)
    shown = page(runtime, agora, bulk_id)
    state = BulkState.UNDONE if undone else BulkState.DONE
    assert (shown.bulk.state, shown.bulk.given_up) == (state, True)
    assert set(shown.by_fate) == {Fate.KEPT if undone else Fate.FAILED}
    assert entries(runtime, "bulk-undo" if undone else "bulk") == []


def test_a_bulk_whose_undoing_is_given_up_stays_decided(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 2)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    break_turns(runtime, TRIES - 1)
    run(runtime)
    undo_last(runtime, agora.alice)
    break_turns(runtime, TRIES)
    shown = page(runtime, agora, bulk_id)
    assert (shown.bulk.state, shown.bulk.given_up) == (BulkState.UNDONE, True)
    assert shown.by_fate == {Fate.KEPT: 2}
    assert statuses(runtime, ids) == {Status.REJECTED: 2}


@pytest.mark.usefixtures("unhurried_turns")
def test_a_bulk_that_breaks_now_and_then_goes_on(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 51)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    for _ in range(2):
        break_turns(runtime, TRIES - 1)
        assert take_turn(runtime)
    break_turns(runtime, 1)
    run(runtime)
    assert set(fates(runtime, bulk_id).values()) == {Fate.DONE}


def test_a_turn_that_breaks_brings_no_bulk_back_that_ended_meanwhile(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    [one] = flagged(runtime, agora.site_id, 1)
    begin(runtime, agora.alice, chosen(one))
    goes_last = bulk_running._go_last  # noqa: SLF001 - the moment between two transactions

    def late(same: Runtime, bulk_id: BulkId, error: Exception) -> None:
        run(runtime)
        goes_last(same, bulk_id, error)

    break_once(monkeypatch, "asking")
    monkeypatch.setattr(bulk_running, "_go_last", late)
    with pytest.raises(ValueError, match="broken"):
        take_turn(runtime)
    assert not has_turns(runtime)


def test_a_comment_of_which_the_site_cannot_be_told_is_left_alone(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = flagged(runtime, agora.site_id, 3)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    says = applying._event  # noqa: SLF001 - what is said of one comment

    def breaks(connection: Connection, made: Made, *given: Any) -> object:  # noqa: ANN401 - passed on
        if made.new.comment.id == ids[1]:
            raise ValueError
        return says(connection, made, *given)

    monkeypatch.setattr(applying, "_event", breaks)
    run(runtime)
    assert list(fates(runtime, bulk_id).values()) == [Fate.DONE, Fate.FAILED, Fate.DONE]
    assert statuses(runtime, ids) == {Status.REJECTED: 2, Status.FLAGGED: 1}
