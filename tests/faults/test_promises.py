"""Each test names a promise that holds whatever is killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.broker import Task
from tests.installation import Answer, Installation, installation, wait_until
from tests.lingering import somebody_waits
from tests.servers import own_postgresql, scratch_database


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    if request.param == "sqlite":
        yield request.getfixturevalue("on_sqlite")
        return
    server = request.getfixturevalue("postgresql_server")
    with scratch_database(server) as url, installation(tmp_path, url) as made:
        yield made


def post_all(desk: Installation, count: int, prefix: str = "c") -> None:
    for start in range(0, count, 100):
        comments = [
            {"external_id": f"{prefix}{number}", "text": f"Comment number {number}. " * 8}
            for number in range(start, min(start + 100, count))
        ]
        assert desk.post("/v1/comments/batch", {"comments": comments}).status == 200


def decisions_per_comment(desk: Installation) -> set[int]:
    rows = desk.rows(
        "SELECT count(d.id) FROM comments c LEFT JOIN decisions d ON d.comment_id = c.id "
        "GROUP BY c.id"
    )
    return {row[0] for row in rows}


def test_a_comment_is_accepted_while_redis_is_down_and_decided_once_it_is_back(
    on_sqlite: Installation,
) -> None:
    desk = on_sqlite
    desk.start("web", "classify", "retry", "deliveries", "beat")
    desk.ready()
    answer = desk.post("/v1/comments", {"external_id": "c1", "text": "Good morning."})
    assert answer.status == 202
    desk.start("valkey")
    wait_until(desk.all_decided)
    assert decisions_per_comment(desk) == {1}


def test_every_comment_is_decided_once_although_workers_are_killed_in_mid_batch(
    desk: Installation,
) -> None:
    desk.start()
    desk.ready()
    post_all(desk, 400)
    for _ in range(4):
        wait_until(lambda: bool(desk.children("classify")))
        wait_until(lambda: bool(desk.rows("SELECT 1 FROM jobs WHERE token IS NOT NULL LIMIT 1")))
        for child in desk.children("classify"):
            os.kill(child, signal.SIGKILL)
    wait_until(desk.all_decided)
    assert decisions_per_comment(desk) == {1}
    assert desk.rows("SELECT 1 FROM jobs WHERE attempts > 1 LIMIT 1"), "no batch was hit"
    assert not desk.rows("SELECT 1 FROM classifications WHERE failure IS NOT NULL LIMIT 1")


def test_who_takes_a_dead_ones_place_looks_for_what_it_took_from_redis(
    on_sqlite: Installation,
) -> None:
    desk = on_sqlite
    # Without beat nobody else rings.
    desk.start("valkey", "web", "classify")
    desk.ready()
    desk.runtime.broker.ring(Task.CLASSIFY)
    wait_until(lambda: somebody_waits(desk.runtime.broker))
    dying = desk.children("classify")
    for child in dying:
        os.kill(child, signal.SIGSTOP)
    assert desk.post("/v1/comments", {"external_id": "c1", "text": "Good morning."}).status == 202
    for child in dying:
        os.kill(child, signal.SIGKILL)
    wait_until(desk.all_decided)
    assert decisions_per_comment(desk) == {1}


def test_every_comment_is_decided_although_redis_loses_everything(desk: Installation) -> None:
    desk.start()
    desk.ready()
    desk.kill("classify")
    post_all(desk, 50)
    desk.kill("valkey")
    desk.start("valkey", "classify")
    wait_until(desk.all_decided)
    assert decisions_per_comment(desk) == {1}


def test_an_accepted_comment_is_stored_although_the_web_is_killed_right_after(
    desk: Installation,
) -> None:
    desk.start("valkey", "web")
    desk.ready()
    assert desk.post("/v1/comments", {"external_id": "c1", "text": "Hello."}).status == 202
    desk.kill("web")
    assert len(desk.rows("SELECT id FROM comments")) == 1


def test_an_accepted_comment_outlives_a_crash_of_postgresql_right_after(tmp_path: Path) -> None:
    with own_postgresql() as server, installation(tmp_path, server.url) as desk:
        desk.start("valkey", "web")
        desk.ready()
        assert desk.post("/v1/comments", {"external_id": "c1", "text": "Hello."}).status == 202
        server.crash()
        wait_until(lambda: post_again(desk).status == 200)
        assert len(desk.rows("SELECT id FROM comments")) == 1


def post_again(desk: Installation) -> Answer:
    return desk.post("/v1/comments", {"external_id": "c1", "text": "Hello."})


def test_what_is_committed_stands_on_the_disk(desk: Installation) -> None:
    """Kept through a power cut too, which no test can make: so see that each commit is flushed.

    Whether PostgreSQL may flush at all is its server's setting, and tested where that is made.
    """
    if desk.runtime.database.is_sqlite:
        assert desk.rows("PRAGMA synchronous") == [(2,)], "not FULL"
        assert desk.rows("PRAGMA journal_mode") == [("wal",)]
    else:
        assert desk.rows("SHOW synchronous_commit") == [("on",)]


def test_a_frozen_redis_holds_up_no_request_and_no_comment(on_sqlite: Installation) -> None:
    desk = on_sqlite
    desk.start()
    desk.ready()
    desk.kill("valkey", signal.SIGSTOP)
    post_all(desk, 20)
    answer = desk.post("/v1/comments", {"external_id": "alone", "text": "Good morning."})
    assert answer.status == 202
    desk.kill("valkey", signal.SIGCONT)
    wait_until(desk.all_decided)
    assert decisions_per_comment(desk) == {1}


def freeze_in_mid_batch(desk: Installation) -> None:
    """Stop the workers while they hold jobs, and not SQLite's one write lock."""
    for turn in range(30):
        post_all(desk, 100, prefix=f"turn{turn}-")
        desk.kill("classify", signal.SIGSTOP)
        if desk.mid_batch():
            return
        desk.kill("classify", signal.SIGCONT)
    raise AssertionError("no batch was hit")


def test_a_worker_frozen_beyond_its_lease_cannot_decide_a_second_time(
    desk: Installation,
) -> None:
    desk.start()
    desk.ready()
    freeze_in_mid_batch(desk)
    wait_until(lambda: bool(desk.rows("SELECT 1 FROM jobs WHERE attempts > 1 LIMIT 1")))
    desk.kill("classify", signal.SIGCONT)
    wait_until(desk.all_decided)
    assert decisions_per_comment(desk) == {1}
