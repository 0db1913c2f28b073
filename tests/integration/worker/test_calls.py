"""Which work needs a call: none that a worker waits for already."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from redis.client import Pipeline
from sqlalchemy import select, update

from moderation.broker import Broker, Task, WaitFailed, bell_key, lane_key
from moderation.model.ids import JobId, new_uuid
from moderation.model.jobs import Lane
from moderation.runtime import Runtime
from moderation.services.claiming import FORGOTTEN
from moderation.services.reading import get_comment_by_external_id
from moderation.storage.jobs import jobs
from tests.counting import Counting
from tests.factories import LEASE, Agora, submit
from tests.installation import wait_until
from tests.lingering import somebody_waits
from tests.statements import heard
from worker import tasks
from worker.drain import Drain
from worker.reading import Reader


def ids(count: int) -> list[JobId]:
    return [JobId(new_uuid()) for _ in range(count)]


def bell_rings(broker: Broker) -> bool:
    return bool(broker.redis.exists(bell_key(Task.CLASSIFY)))


def test_what_nobody_waits_for_is_called_for_once(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderation.broker.BELL_MILLISECONDS", 600_000)
    for _ in range(3):
        runtime.broker.announce(Lane.LIVE, ids(2))
    assert runtime.broker.waiting_calls(Task.CLASSIFY) == 1
    assert bell_rings(runtime.broker)


@pytest.mark.parametrize("count", [1, 4, 5])
def test_who_waits_has_it_without_a_call_unless_it_is_too_much_for_one(
    runtime: Runtime, count: int
) -> None:
    new = ids(count)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(runtime.broker.await_ids, Lane.LIVE, 4, 30.0)
        wait_until(lambda: somebody_waits(runtime.broker))
        runtime.broker.announce(Lane.LIVE, new)
        assert waiting.result() == new[:4]
    left = max(0, count - 4)
    assert runtime.broker.depth(Lane.LIVE) == left
    assert runtime.broker.waiting_calls(Task.CLASSIFY) == left
    if not left:
        assert not bell_rings(runtime.broker)


def test_what_is_pushed_while_the_bell_is_taken_back_is_called_for(runtime: Runtime) -> None:
    """Of two who announce at once, the second hears the bell of the first and leaves the call."""
    broker, others = runtime.broker, ids(1)
    take_back = Pipeline.delete

    def push_before(pipeline: Pipeline, *names: str) -> Pipeline:
        broker.redis.rpush(lane_key(Lane.LIVE), str(others[0]))
        return take_back(pipeline, *names)

    with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patch:
        waiting = pool.submit(broker.await_ids, Lane.LIVE, 4, 30.0)
        wait_until(lambda: somebody_waits(broker))
        patch.setattr(Pipeline, "delete", push_before)
        broker.announce(Lane.LIVE, ids(1))
        assert len(waiting.result()) == 1
    assert broker.pop(Lane.LIVE, 4) == others
    assert broker.waiting_calls(Task.CLASSIFY) == 1


def worker(runtime: Runtime, classifier: Counting | None = None, *, lingers: bool = True) -> Drain:
    return Drain(runtime, Reader(classifier or Counting()), LEASE, 20_000, lingers)


@pytest.mark.parametrize("task", [Task.CLASSIFY, Task.RETRY])
def test_a_process_that_starts_is_called_although_a_dead_one_had_the_call(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, task: Task
) -> None:
    monkeypatch.setattr("moderation.broker.BELL_MILLISECONDS", 600_000)
    monkeypatch.setattr("worker.process.judging", lambda: runtime)
    runtime.broker.ring(task)
    runtime.broker.redis.delete(task.value)
    tasks.call()
    assert runtime.broker.waiting_calls(task) == 1


@pytest.mark.parametrize("waiting", [0, 1, 3])
def test_a_worker_that_waited_for_its_second_sees_that_a_call_waits_and_no_more(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    monkeypatch.setattr("worker.drain.LOOP_SECONDS", 0.2)
    for _ in range(waiting):
        runtime.broker.celery.send_task(Task.CLASSIFY.value)
    worker(runtime).classify()
    assert runtime.broker.waiting_calls(Task.CLASSIFY) == max(1, waiting)


def test_a_worker_that_cannot_wait_on_redis_sleeps_until_somebody_rings(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_old(*_: object) -> None:
        raise WaitFailed("ResponseError")

    monkeypatch.setattr(runtime.broker, "await_ids", too_old)
    worker(runtime).classify()
    assert runtime.broker.waiting_calls(Task.CLASSIFY) == 0
    assert not bell_rings(runtime.broker)


def test_who_never_gets_to_a_second_batch_looks_into_the_database_too(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under a load that Redis hands out in full, with a classifier as slow as a call is long."""
    monkeypatch.setattr("worker.drain.LOOP_SECONDS", 0.3)
    submit(runtime, agora.site_id, "lost")
    with runtime.transaction() as connection:
        long_ago = runtime.database_now(connection) - FORGOTTEN
        connection.execute(update(jobs).values(lane=Lane.LIVE, created_at=long_ago))
    slow = worker(runtime, Counting(come=lambda _: sleep(0.4)))
    for number in range(3):
        announced = submit(runtime, agora.site_id, f"c{number}")
        with runtime.reading() as connection:
            of_it = select(jobs.c.id).where(jobs.c.comment_id == announced.comment_id)
            runtime.broker.announce(Lane.LIVE, list(connection.execute(of_it).scalars()))
        slow.classify()
    lost = get_comment_by_external_id(runtime, agora.site_id, "lost")
    assert lost.decision is not None


def test_what_redis_hands_out_goes_before_a_look_into_the_database(
    runtime: Runtime, agora: Agora
) -> None:
    submit(runtime, agora.site_id)
    with runtime.reading() as connection:
        job_ids = [JobId(row.id) for row in connection.execute(select(jobs.c.id))]
    runtime.broker.announce(Lane.LIVE, job_ids)
    with heard(runtime) as said:
        worker(runtime, lingers=False).classify()
    looks = [n for n, one in enumerate(said) if "jobs.created_at <" in one.text]
    decided = [n for n, one in enumerate(said) if one.text.startswith("INSERT INTO decisions")]
    # And then one, for all lanes together.
    assert len(looks) == len(decided) == 1
    assert decided < looks
