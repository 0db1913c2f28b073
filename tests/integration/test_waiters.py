"""A request that waits for a decision is woken when it is made, and looks by itself as well."""

import threading
from pathlib import Path

import pytest

from moderation.broker import DECIDED, Broker
from moderation.model.ids import CommentId, new_uuid
from moderation.waiters import Waiters
from tests.installation import wait_until
from tests.servers import free_port, start_valkey

LONG = 30.0


def hears(broker: Broker) -> bool:
    """Say whether somebody hears of decisions."""
    [(_, ears)] = broker.redis.pubsub_numsub(DECIDED)
    return bool(ears)


def comment_id() -> CommentId:
    return CommentId(new_uuid())


def test_who_waits_for_a_comment_is_woken_and_nobody_else(valkey_url: str) -> None:
    broker = Broker(valkey_url)
    waiters, mine, other = Waiters(broker), comment_id(), comment_id()
    with (
        waiters.expecting(mine) as first,
        waiters.expecting(mine) as second,
        waiters.expecting(other) as third,
    ):
        wait_until(lambda: hears(broker))
        broker.wake([comment_id(), mine])
        assert first.wait(LONG)
        assert second.wait(LONG)
        assert not third.is_set()
        broker.wake([other])
        assert third.wait(LONG)
    waiters.close()
    broker.close()


@pytest.mark.parametrize("garbage", [b"\xff\xfe", b"", b" ", b"x" * 100_000])
def test_garbage_on_the_channel_wakes_nobody_and_harms_nobody(
    valkey_url: str, garbage: bytes
) -> None:
    broker = Broker(valkey_url)
    waiters, mine = Waiters(broker), comment_id()
    with waiters.expecting(mine) as told:
        wait_until(lambda: hears(broker))
        broker.redis.publish(DECIDED, garbage)
        broker.wake([mine])
        assert told.wait(LONG)
    waiters.close()
    broker.close()


def test_after_a_redis_that_was_away_it_hears_again(tmp_path: Path) -> None:
    port = free_port()
    broker = Broker(f"redis://127.0.0.1:{port}/0")
    waiters, mine = Waiters(broker), comment_id()
    with waiters.expecting(mine) as told:
        for _ in range(2):
            valkey = start_valkey(port, tmp_path)
            wait_until(lambda: hears(broker))
            told.clear()
            broker.wake([mine])
            assert told.wait(LONG)
            valkey.kill()
            valkey.wait()
    waiters.close()
    broker.close()


def test_what_nobody_waits_for_is_not_kept(valkey_url: str) -> None:
    broker = Broker(valkey_url)
    waiters = Waiters(broker)
    with waiters.expecting(comment_id()):
        wait_until(lambda: hears(broker))
        broker.wake([comment_id() for _ in range(1000)])
    assert not waiters._events  # noqa: SLF001 - what is held is the point
    waiters.close()
    broker.close()
    assert "waiters" not in {thread.name for thread in threading.enumerate()}
