"""SQLite's time is one for all processes, and follows the time of day without a jump of ages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from moderation.model.decisions import Action
from moderation.model.events import UNDO_SECONDS, EventState
from moderation.model.heads import HeadState
from moderation.model.ids import CommentId, new_uuid
from moderation.model.jobs import Lane
from moderation.model.reviews import CLAIM
from moderation.runtime import Runtime
from moderation.services.claiming import claim_batch
from moderation.services.learning import has_lessons
from moderation.services.moderating import decide_comment
from moderation.services.second_looks import change_share, next_look
from moderation.services.setting_aside import SKIPPED_FOR, skip
from moderation.services.shadowing import Shadowing, begin_shadow
from moderation.storage import heads
from moderation.storage.bulks import bulks
from moderation.storage.events import events
from moderation.storage.jobs import jobs
from moderation.storage.perspective_shadows import perspective_shadows
from moderation.storage.second_looks import second_looks
from moderation.storage.skips import skips
from moderation.storage.steady_clock import TOLERANCE, clock
from tests.bulks import begin, chosen, flagged, run
from tests.complaining import let_sign_in
from tests.factories import CLASSIFIER, LEASE, flagged_comment, make_agora, submit
from tests.runtimes import sqlite_runtime

HOUR = timedelta(hours=1)
SLACK = timedelta(seconds=20)


@pytest.fixture
def on_sqlite(tmp_path: Path, valkey_url: str) -> Iterator[Runtime]:
    with sqlite_runtime(tmp_path, redis_url=valkey_url) as made:
        yield made


def now(runtime: Runtime) -> datetime:
    with runtime.reading() as connection:
        return runtime.database_now(connection)


def agree(runtime: Runtime) -> None:
    with runtime.transaction() as connection:
        runtime.database_now(connection)


def set_back(runtime: Runtime, by: timedelta) -> None:
    """Let the shared time lie behind the time of day, as if the latter had been set forward."""
    with runtime.transaction() as connection:
        connection.execute(update(clock).values(booted_at=clock_row(runtime)[1] - by))


def clock_row(runtime: Runtime) -> tuple[str, datetime]:
    with runtime.reading() as connection:
        return tuple(connection.execute(select(clock)).one())


def test_it_is_the_time_of_day_at_first_and_agreed_by_whoever_writes_first(
    on_sqlite: Runtime,
) -> None:
    assert abs(now(on_sqlite) - datetime.now(UTC)) < TOLERANCE
    with on_sqlite.reading() as connection:
        assert connection.execute(select(clock)).all() == [], "a reader wrote"
    agree(on_sqlite)
    boot, booted_at = clock_row(on_sqlite)
    assert boot
    assert booted_at < datetime.now(UTC)


def test_all_count_from_the_moment_that_was_agreed(on_sqlite: Runtime) -> None:
    agree(on_sqlite)
    set_back(on_sqlite, HOUR)
    assert abs(now(on_sqlite) + HOUR - datetime.now(UTC)) < TOLERANCE
    agree(on_sqlite)
    assert abs(now(on_sqlite) + HOUR - datetime.now(UTC)) < TOLERANCE


def test_after_the_machine_was_started_again_it_is_agreed_anew(on_sqlite: Runtime) -> None:
    agree(on_sqlite)
    set_back(on_sqlite, HOUR)
    with on_sqlite.transaction() as connection:
        connection.execute(update(clock).values(boot="an earlier run"))
    agree(on_sqlite)
    assert abs(now(on_sqlite) - datetime.now(UTC)) < TOLERANCE
    assert clock_row(on_sqlite)[0] != "an earlier run"


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["set forward", "set back"])
def test_when_the_clock_is_set_all_that_waits_has_as_long_to_go_as_before(
    on_sqlite: Runtime, by: timedelta
) -> None:
    agree(on_sqlite)
    set_back(on_sqlite, by)
    agora = make_agora(on_sqlite)
    skipped = flagged_comment(on_sqlite, agora.site_id, "skipped")
    fresh = submit(on_sqlite, agora.site_id, "fresh").comment_id
    decided = submit(on_sqlite, agora.site_id, "decided").comment_id
    held = submit(on_sqlite, agora.site_id, "held").comment_id
    decide_comment(on_sqlite, agora.alice, decided, Action.APPROVE, seen=0)
    claim_batch(on_sqlite, Lane.BULK, [job_of(on_sqlite, held).id], 1, LEASE)
    skip(on_sqlite, agora.alice, skipped, seen=1)
    begin_shadow(on_sqlite, "agora", Shadowing("key", share=1.0, a_second=1.0))
    assert abs(on_sqlite.database.follow_time_of_day() - by) < TOLERANCE
    assert on_sqlite.database.follow_time_of_day() == timedelta(0)
    present = now(on_sqlite)
    assert abs(present - datetime.now(UTC)) < TOLERANCE
    assert abs(job_of(on_sqlite, fresh).created_at - present) < SLACK
    assert abs(job_of(on_sqlite, held).lease_until - present - LEASE) < SLACK
    with on_sqlite.reading() as connection:
        is_scheduled = events.c.state == EventState.SCHEDULED
        publish_at = connection.execute(
            select(events.c.publish_at).where(is_scheduled)
        ).scalar_one()
        until = connection.execute(select(skips.c.until)).scalar_one()
        next_at = connection.execute(select(perspective_shadows.c.next_at)).scalar_one()
    assert abs(publish_at - present - timedelta(seconds=UNDO_SECONDS)) < SLACK
    assert abs(until - present - SKIPPED_FOR) < SLACK
    assert abs(next_at - present) < SLACK


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["set forward", "set back"])
def test_a_bulk_can_be_undone_and_a_second_look_is_held_as_long_as_before(
    on_sqlite: Runtime, by: timedelta
) -> None:
    agree(on_sqlite)
    set_back(on_sqlite, by)
    agora = make_agora(on_sqlite)
    let_sign_in(on_sqlite, agora.alice, agora.olga)
    one, two, three = flagged(on_sqlite, agora.site_id, 3)
    ended = begin(on_sqlite, agora.olga, chosen(one))
    run(on_sqlite)
    running = begin(on_sqlite, agora.olga, chosen(two))
    change_share(on_sqlite, "agora", 1.0)
    decide_comment(on_sqlite, agora.alice, three, Action.APPROVE, seen=1)
    assert next_look(on_sqlite, agora.olga, [agora.site_id])
    on_sqlite.database.follow_time_of_day()
    present = now(on_sqlite)
    with on_sqlite.reading() as connection:
        rows = {row.id: row for row in connection.execute(select(bulks))}
        look = connection.execute(select(second_looks)).one()
    assert abs(rows[ended].ended_at - present) < SLACK
    assert abs(rows[running].turn_at - present) < SLACK
    assert abs(look.chosen_at - present) < SLACK
    assert abs(look.held_until - present - CLAIM) < SLACK


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["set forward", "set back"])
def test_a_head_is_left_to_who_trains_it_as_long_as_before(
    on_sqlite: Runtime, by: timedelta
) -> None:
    agree(on_sqlite)
    set_back(on_sqlite, by)
    agora = make_agora(on_sqlite)
    began = now(on_sqlite)
    with on_sqlite.transaction() as connection:
        heads.add(
            connection,
            id=new_uuid(),
            site_id=agora.site_id,
            number=1,
            classifier=CLASSIFIER,
            state=HeadState.ASKED,
            asked_at=began,
        )
        assert heads.claim(connection, began)
    on_sqlite.database.follow_time_of_day()
    assert not has_lessons(on_sqlite)


def test_a_clock_that_nobody_set_is_left_alone(on_sqlite: Runtime) -> None:
    agree(on_sqlite)
    before = clock_row(on_sqlite)
    assert on_sqlite.database.follow_time_of_day() == timedelta(0)
    assert clock_row(on_sqlite) == before


def job_of(runtime: Runtime, comment_id: CommentId) -> Any:  # noqa: ANN401 - a row
    with runtime.reading() as connection:
        return connection.execute(select(jobs).where(jobs.c.comment_id == comment_id)).one()
