"""Which work needs a call: none that a worker waits for already."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from moderation.broker import Broker, Task, bell_key
from moderation.model.ids import JobId, new_uuid
from moderation.model.jobs import Lane
from moderation.runtime import Runtime
from moderation.storage.jobs import jobs
from tests.counting import Counting
from tests.factories import LEASE, Agora, submit
from tests.installation import wait_until
from tests.statements import heard
from worker.drain import Drain
from worker.reading import Reader


def ids(count: int) -> list[JobId]:
    return [JobId(new_uuid()) for _ in range(count)]


def calls(broker: Broker) -> tuple[int, bool]:
    """Return how many calls wait, and whether the bell rings."""
    return broker.waiting_calls(Task.CLASSIFY), bool(broker.redis.exists(bell_key(Task.CLASSIFY)))


def waits(broker: Broker) -> bool:
    clients = broker.redis.client_list()
    return any(client["cmd"] == "blmpop" and "b" in client["flags"] for client in clients)


def test_what_nobody_waits_for_is_called_for_once(runtime: Runtime) -> None:
    for _ in range(3):
        runtime.broker.announce(Lane.LIVE, ids(2))
    assert calls(runtime.broker) == (1, True)


@pytest.mark.parametrize(("count", "called"), [(4, (0, False)), (5, (1, True))])
def test_who_waits_has_it_without_a_call_unless_it_is_too_much_for_one(
    runtime: Runtime, count: int, called: tuple[int, bool]
) -> None:
    new = ids(count)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(runtime.broker.await_any, [Lane.LIVE], 4, 30.0)
        wait_until(lambda: waits(runtime.broker))
        runtime.broker.announce(Lane.LIVE, new)
        assert waiting.result() == (Lane.LIVE, new[:4])
    assert calls(runtime.broker) == called
    assert runtime.broker.depth(Lane.LIVE) == count - 4


def worker(runtime: Runtime, *, lingers: bool) -> Drain:
    return Drain(runtime, Reader(Counting()), LEASE, 20_000, lingers)


def test_a_worker_that_waited_for_its_second_has_itself_called_again(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.drain.LOOP_SECONDS", 0.2)
    worker(runtime, lingers=True).classify()
    assert calls(runtime.broker) == (1, True)


def test_a_worker_that_cannot_wait_on_redis_sleeps_until_somebody_rings(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_old(*_: object) -> None:
        """Answer as where Redis does not know BLMPOP."""

    monkeypatch.setattr(runtime.broker, "await_any", too_old)
    worker(runtime, lingers=True).classify()
    assert calls(runtime.broker) == (0, False)


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
