"""How long the wait for the classifier is, told from what waits and what was just decided."""

import pytest
from sqlalchemy import update

from moderation.model.jobs import Lane, Purpose
from moderation.runtime import Runtime
from moderation.services import backlog
from moderation.services.backlog import BacklogGauge, look
from moderation.storage.classifications import classifications
from moderation.storage.jobs import jobs
from tests.factories import (
    Agora,
    FakeClock,
    classify_all,
    queue_rescoring,
    submit,
)
from tests.statements import heard

pytestmark = pytest.mark.usefixtures("time_is_held_now")


def wait(runtime: Runtime, agora: Agora, lane: Lane, count: int) -> None:
    """Let so many comments wait on a lane from now on."""
    ids = [submit(runtime, agora.site_id, f"{lane}{n}").comment_id for n in range(count)]
    with runtime.transaction() as connection:
        connection.execute(update(jobs).where(jobs.c.comment_id.in_(ids)).values(lane=lane))


def decide(runtime: Runtime, agora: Agora, count: int) -> None:
    """Let so many comments come and be decided now."""
    for number in range(count):
        submit(runtime, agora.site_id, f"decided{number}")
    assert classify_all(runtime) == count


def test_nothing_waits(runtime: Runtime, agora: Agora) -> None:
    decide(runtime, agora, 1)
    assert look(runtime) is None


def test_what_came_just_now_is_no_backlog(runtime: Runtime, agora: Agora, clock: FakeClock) -> None:
    wait(runtime, agora, Lane.LIVE, 3)
    clock.pass_time(seconds=4)
    assert look(runtime) is None
    clock.pass_time(seconds=2)
    assert look(runtime) is not None


def test_the_wait_follows_from_the_speed_of_the_last_minute(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    decide(runtime, agora, 30)
    wait(runtime, agora, Lane.LIVE, 10)
    clock.pass_time(seconds=60)
    found = look(runtime)
    assert found is not None
    assert (found.rate, found.seconds(Lane.LIVE), found.stands_still) == (0.5, 20, False)


def test_only_what_was_decided_since_somebody_waits_tells_the_speed(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    # Before, there was nothing more to decide: that was not the workers' speed.
    decide(runtime, agora, 5)
    clock.pass_time(seconds=40)
    wait(runtime, agora, Lane.LIVE, 10)
    clock.pass_time(seconds=10)
    with runtime.transaction() as connection:
        connection.execute(update(classifications).values(classified_at=clock.now()))
    found = look(runtime)
    assert found is not None
    assert found.rate == 0.5


def test_a_fast_worker_is_measured_by_its_last_decisions(
    runtime: Runtime, agora: Agora, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "SAMPLE", 20)
    wait(runtime, agora, Lane.LIVE, 1)
    clock.pass_time(seconds=50)
    with runtime.transaction() as connection:
        connection.execute(update(jobs).values(attempts=1))
    decide(runtime, agora, 30)
    with runtime.transaction() as connection:
        connection.execute(update(jobs).values(attempts=0))
    clock.pass_time(seconds=2)
    found = look(runtime)
    assert found is not None
    assert found.rate == 10


def test_live_comments_do_not_wait_for_an_import(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    decide(runtime, agora, 60)
    wait(runtime, agora, Lane.LIVE, 7)
    wait(runtime, agora, Lane.BULK, 93)
    clock.pass_time(seconds=60)
    found = look(runtime)
    assert found is not None
    assert (found.waiting[Lane.LIVE], found.waiting[Lane.BULK]) == (7, 93)
    assert (found.seconds(Lane.LIVE), found.seconds(Lane.BULK)) == (8, 100)


def test_workers_at_a_stand_are_called_so_after_a_minute(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    wait(runtime, agora, Lane.LIVE, 2)
    clock.pass_time(seconds=59)
    found = look(runtime)
    assert found is not None
    assert (found.rate, found.stands_still) == (None, False)
    clock.pass_time(seconds=2)
    found = look(runtime)
    assert found is not None
    assert found.stands_still


def test_what_is_scored_anew_is_no_backlog_and_no_speed(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    decide(runtime, agora, 30)
    for number in range(2, 12):
        comment_id = submit(runtime, agora.site_id, f"decided{number}").comment_id
        queue_rescoring(runtime, comment_id)
    clock.pass_time(seconds=60)
    assert look(runtime) is None
    wait(runtime, agora, Lane.BULK, 3)
    clock.pass_time(seconds=6)
    with runtime.transaction() as connection:
        recent = {"classified_at": clock.now()}
        connection.execute(update(classifications).values(purpose=Purpose.RESCORE, **recent))
    found = look(runtime)
    assert found is not None
    assert (found.waiting[Lane.BULK], found.rate) == (3, None)


def test_a_long_backlog_is_not_counted_to_its_end(
    runtime: Runtime, agora: Agora, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "MOST_COUNTED", 5)
    wait(runtime, agora, Lane.BULK, 8)
    clock.pass_time(seconds=6)
    found = look(runtime)
    assert found is not None
    assert found.waiting[Lane.BULK] == 5


def test_one_look_serves_many_pages(runtime: Runtime, agora: Agora, clock: FakeClock) -> None:
    wait(runtime, agora, Lane.LIVE, 2)
    clock.pass_time(seconds=6)
    gauge = BacklogGauge(runtime)
    first = gauge.read()
    with heard(runtime) as said:
        assert gauge.read() is first is not None
    assert said == []
