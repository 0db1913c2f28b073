"""Many workers claim at once: no job goes to two, none is left over, and nobody is turned away."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from moderation.model.comments import NewComment
from moderation.model.ids import JobId
from moderation.model.jobs import Lane
from moderation.runtime import Runtime, make_runtime
from moderation.services.claiming import claim_batch, claim_expired
from moderation.services.intake import submit_in
from moderation.settings import Settings
from moderation.storage.jobs import jobs
from tests.factories import LEASE, Agora

WORKERS = 8
JOBS = 300
BATCH = 20
EXPIRED = 60
"""On SQLite all take turns, fewer turns than make one of them wait for longer than it may."""
DEADLINE = 120.0

Work = Callable[[Runtime], list[JobId]]
"""Claims as long as there is something; returns what it got."""


@pytest.fixture
def workers(settings: Settings, runtime: Runtime) -> Iterator[list[Runtime]]:
    """Yield runtimes that share a migrated database and no connection, as processes do."""
    assert _job_ids(runtime) == []
    with ExitStack() as stack:
        made = [make_runtime(settings) for _ in range(WORKERS)]
        for one in made:
            stack.callback(one.close)
            # Connected already, so that the first claims come together.
            _job_ids(one)
        yield made


@pytest.fixture
def waiting(runtime: Runtime, agora: Agora) -> list[JobId]:
    """Return jobs that have waited for so long that workers look for them in the database."""
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        for number in range(JOBS):
            new = NewComment(f"c{number}", f"Comment number {number}.")
            submit_in(connection, now, "compact", agora.site_id, new)
        ago = now - timedelta(minutes=1)
        connection.execute(update(jobs).values(created_at=ago))
    return _job_ids(runtime)


def _job_ids(runtime: Runtime) -> list[JobId]:
    with runtime.reading() as connection:
        return list(connection.execute(select(jobs.c.id).order_by(jobs.c.id)).scalars())


def all_at_once(workers: list[Runtime], work: Work) -> list[list[JobId]]:
    """Let all workers begin at the same moment; what one of them raises is raised here."""
    start = Barrier(len(workers))

    def begin(worker: Runtime) -> list[JobId]:
        start.wait(DEADLINE)
        return work(worker)

    with ThreadPoolExecutor(len(workers)) as pool:
        under_way = [pool.submit(begin, worker) for worker in workers]
        return [one.result(DEADLINE) for one in under_way]


def assert_shared_out(got: list[list[JobId]], expected: list[JobId]) -> None:
    times = Counter(job_id for taken in got for job_id in taken)
    assert set(times.values()) == {1}, "claimed twice"
    assert set(times) == set(expected)


def look_into_the_database(worker: Runtime) -> list[JobId]:
    got: list[JobId] = []
    while claim := claim_batch(worker, Lane.BULK, [], BATCH, LEASE).jobs:
        got += [job.id for job in claim]
    return got


def try_again(worker: Runtime) -> list[JobId]:
    got: list[JobId] = []
    while claim := claim_expired(worker, LEASE).jobs:
        got += [job.id for job in claim]
    return got


def test_workers_that_look_into_the_database_share_it_out(
    workers: list[Runtime], waiting: list[JobId]
) -> None:
    assert_shared_out(all_at_once(workers, look_into_the_database), waiting)


def test_ids_that_redis_hands_to_everybody_are_claimed_once(
    workers: list[Runtime], waiting: list[JobId]
) -> None:
    places = {id(worker): place for place, worker in enumerate(workers)}

    def claim_popped(worker: Runtime) -> list[JobId]:
        # Some in one order and some in the other: that is how deadlocks are made.
        popped = waiting if places[id(worker)] % 2 else waiting[::-1]
        got: list[JobId] = []
        for first in range(0, JOBS, BATCH):
            ids = popped[first : first + BATCH]
            got += [job.id for job in claim_batch(worker, Lane.BULK, ids, BATCH, LEASE).jobs]
        return got

    assert_shared_out(all_at_once(workers, claim_popped), waiting)


def test_each_lease_that_ran_out_is_taken_over_once(
    runtime: Runtime, workers: list[Runtime], waiting: list[JobId]
) -> None:
    with runtime.transaction() as connection:
        ago = runtime.database_now(connection) - timedelta(seconds=1)
        ran_out = update(jobs).where(jobs.c.id.in_(waiting[:EXPIRED]))
        connection.execute(ran_out.values(attempts=1, lease_until=ago))
    assert_shared_out(all_at_once(workers, try_again), waiting[:EXPIRED])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_claiming_passes_over_what_another_transaction_has_locked(
    runtime: Runtime, workers: list[Runtime], waiting: list[JobId]
) -> None:
    locked, free = waiting[:10], waiting[10:]
    with workers[0].transaction() as other:
        other.execute(select(jobs.c.id).where(jobs.c.id.in_(locked)).with_for_update())
        popped = claim_batch(runtime, Lane.BULK, [*locked, *free[:5]], 15, LEASE)
        taken = {job.id for job in popped.jobs}
        assert set(free[:5]) <= taken
        taken |= set(look_into_the_database(runtime))
        assert taken == set(free)
    assert set(look_into_the_database(runtime)) == set(locked)
