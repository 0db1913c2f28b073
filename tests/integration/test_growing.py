"""PostgreSQL plans for as much as there is, also where it has grown a moment ago."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from moderation.model.ids import JobId
from moderation.model.jobs import JobState, Lane
from moderation.runtime import Runtime
from moderation.services.claiming import claim_batch, claim_overdue, work_waits
from moderation.services.growing import count_grown
from moderation.storage.jobs import jobs
from tests.factories import Agora, submit
from tests.statements import Statement, heard

LEASE = timedelta(seconds=10)
_c = jobs.c


def fill(runtime: Runtime, count: int) -> None:
    """Add people, who refer to nothing."""
    statement = (
        "INSERT INTO users (id, email, name, role, created_at)"
        " SELECT gen_random_uuid(), gen_random_uuid() || '@example.org', 'Robin', 'moderator',"
        " now() FROM generate_series(1, :count)"
    )
    with runtime.transaction() as connection:
        connection.execute(text(statement), {"count": count})


def believed(runtime: Runtime) -> float:
    """Return how many rows PostgreSQL plans for."""
    with runtime.reading() as connection:
        found = text("SELECT reltuples FROM pg_class WHERE oid = to_regclass('users')")
        return float(connection.execute(found).scalar_one())


def test_what_has_grown_many_times_over_is_counted_once(runtime: Runtime) -> None:
    if runtime.database.is_sqlite:
        assert count_grown(runtime) == []
        return
    fill(runtime, 5_000)
    assert "users" in count_grown(runtime)
    assert believed(runtime) == pytest.approx(5_000, rel=0.1)
    assert count_grown(runtime) == []
    fill(runtime, 5_000)
    assert count_grown(runtime) == []
    fill(runtime, 60_000)
    assert count_grown(runtime) == ["users"]


def jobs_of_new(runtime: Runtime, agora: Agora, count: int, name: str = "new") -> list[JobId]:
    ids = [submit(runtime, agora.site_id, f"{name}-{n}").comment_id for n in range(count)]
    with runtime.reading() as connection:
        found = connection.execute(select(_c.id).where(_c.comment_id.in_(ids)).order_by(_c.id))
        return list(found.scalars())


def plan(runtime: Runtime, statement: Statement) -> str:
    sqlite = runtime.database.is_sqlite
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    with runtime.transaction() as connection:
        if not sqlite:
            # As whoever judges has it.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = connection.exec_driver_sql(explain + statement.text, statement.values).all()
        return "\n".join(str(row[-1]) for row in rows)


def kept_plan(runtime: Runtime, statement: Statement) -> str:
    """Return the plan for any values at all, which PostgreSQL keeps where it costs no more."""
    if runtime.database.is_sqlite:
        return plan(runtime, statement)
    numbers: dict[str, int] = {}

    def number(name: re.Match[str]) -> str:
        return f"${numbers.setdefault(name[1], len(numbers) + 1)}"

    asked = re.sub(r"%\((\w+)\)s", number, statement.text)
    with runtime.transaction() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {asked}").all()
        return "\n".join(str(row[0]) for row in rows)


def test_what_redis_hands_out_is_looked_up_however_much_waits(
    runtime: Runtime, agora: Agora
) -> None:
    jobs_of_new(runtime, agora, 50, "old")
    with runtime.transaction() as connection:
        connection.execute(text("UPDATE jobs SET state = 'done'"))
        # The last time that it was counted, nothing waited.
        connection.execute(text("ANALYZE jobs"))
    handed = jobs_of_new(runtime, agora, 50)
    with heard(runtime) as said:
        claim = claim_batch(runtime, Lane.LIVE, handed[:8], 8, LEASE, fill=False)
    assert {job.id for job in claim.jobs} == set(handed[:8])
    [leasing] = [one for one in said if "UPDATE jobs" in one.text]
    assert "ix_jobs_fresh" not in plan(runtime, leasing)


def test_of_what_redis_hands_out_only_the_untried_is_claimed(
    runtime: Runtime, agora: Agora
) -> None:
    handed = jobs_of_new(runtime, agora, 3)
    claim_batch(runtime, Lane.LIVE, handed[:1], 8, LEASE, fill=False)
    with runtime.transaction() as connection:
        ended = update(jobs).where(_c.id == handed[1]).values(state=JobState.DONE)
        connection.execute(ended)
    claim = claim_batch(runtime, Lane.LIVE, handed, 8, LEASE, fill=False)
    assert [job.id for job in claim.jobs] == handed[2:]


def test_whether_anything_waits_is_asked_with_constants_which_kept_plans_can_use(
    runtime: Runtime,
) -> None:
    with heard(runtime) as said:
        work_waits(runtime)
    for index in ("ix_jobs_fresh", "ix_jobs_started"):
        assert any(index in kept_plan(runtime, one) for one in said), index


def test_what_waited_too_long_is_found_without_sorting_all_that_waits(
    runtime: Runtime, agora: Agora
) -> None:
    handed = jobs_of_new(runtime, agora, 12)
    with heard(runtime) as said:
        claim = claim_overdue(runtime, timedelta(0), 8, LEASE)
    assert {job.id for job in claim.jobs} == set(handed[:8])
    leasing = [one for one in said if "UPDATE jobs" in one.text]
    for one in leasing[: len(Lane)]:
        found = plan(runtime, one)
        assert "ix_jobs_fresh" in found
        assert "Sort" not in found
        assert "ORDER BY" not in found
