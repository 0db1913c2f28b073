"""What a web process holds while Redis is slow, frozen or away is bounded."""

import threading
from collections.abc import Sequence

import pytest

from moderation import announcer as announcing
from moderation.announcer import Announcer
from moderation.broker import Broker
from moderation.model.ids import JobId, new_uuid
from moderation.model.jobs import Lane
from moderation.runtime import Runtime
from tests.servers import free_port


class Slow(Broker):
    """A broker whose pushes wait until they are let go, as with a frozen Redis."""

    def __init__(self, redis_url: str) -> None:
        super().__init__(redis_url)
        self.pushes: list[int] = []
        self.pushing = threading.Event()
        self.go_on = threading.Event()

    def announce(self, lane: Lane, job_ids: Sequence[JobId]) -> None:
        self.pushing.set()
        assert self.go_on.wait(10)
        self.pushes.append(len(job_ids))
        super().announce(lane, job_ids)


def ids(count: int) -> list[JobId]:
    return [JobId(new_uuid()) for _ in range(count)]


def test_ids_beyond_a_bound_are_left_to_the_database(
    runtime: Runtime, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "MAX_WAITING_IDS", 100)
    slow = Slow(valkey_url)
    announcer = Announcer(slow)
    announcer.announce(Lane.LIVE, ids(1))
    assert slow.pushing.wait(10)
    for _ in range(30):
        announcer.announce(Lane.LIVE, ids(7))
    announcer.announce(Lane.BULK, ids(5))
    slow.go_on.set()
    announcer.close()
    slow.close()
    assert slow.pushes == [1, 100, 5]
    assert runtime.broker.depth(Lane.LIVE) == 101


def test_nothing_piles_up_while_redis_is_away() -> None:
    away = Broker(f"redis://127.0.0.1:{free_port()}/0")
    announcer = Announcer(away)
    for _ in range(1000):
        announcer.announce(Lane.LIVE, ids(10))
    announcer.close()
    away.close()
    assert not any(announcer._waiting.values())  # noqa: SLF001 - what is held is the point
