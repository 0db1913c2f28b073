"""A disk without room: nothing is half-written, and all goes on when there is room again."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from redis.exceptions import ResponseError
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from tests.faults.disks import Disk, LimitedFiles, SmallDisk, family, small_disk
from tests.installation import Answer, Installation, installation, wait_until
from tests.servers import OwnPostgreSQL, own_postgresql, start_valkey

# A limit takes no right to mount, but PostgreSQL knows only what a full disk is.
WAYS = ["limit", "disk"]
DATABASES = [*WAYS, "postgresql", "postgresql-dies"]


@dataclass
class ServersDisk(SmallDisk):
    """The disk of a PostgreSQL; where its log has no room either, the server dies."""

    server: OwnPostgreSQL
    dies: bool

    def fill(self) -> None:
        super().fill()
        with suppress(OperationalError):
            while self.dies:
                self._use_up_the_log()

    def free(self) -> None:
        super().free()
        self.server.revive()

    def _use_up_the_log(self) -> None:
        engine = create_engine(self.server.url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_logical_emit_message(true, '', 'x')"))
            connection.execute(text("SELECT pg_switch_wal()"))


@pytest.fixture(params=DATABASES)
def full(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Installation, Disk]]:
    """Yield an installation and the disk that its database is on."""
    with ExitStack() as stack:
        desk, disk = _on_disk(request.param, tmp_path, stack)
        desk.start()
        desk.ready()
        yield desk, disk
        disk.free()


def _on_disk(way: str, folder: Path, stack: ExitStack) -> tuple[Installation, Disk]:
    if way.startswith("postgresql"):
        # The server has a user of its own, who must get there.
        data = Path(stack.enter_context(TemporaryDirectory()))
        data.chmod(0o755)
        stack.enter_context(small_disk(data, 160))
        server = stack.enter_context(own_postgresql(data))
        disk = ServersDisk(data, server, dies=way == "postgresql-dies")
        return stack.enter_context(installation(folder, server.url)), disk
    if way == "disk":
        disk = stack.enter_context(small_disk(folder, 24))
        return stack.enter_context(installation(folder)), disk
    desk = stack.enter_context(installation(folder))
    return desk, LimitedFiles(folder, lambda: processes(desk))


def processes(desk: Installation) -> list[int]:
    running = [process.pid for name, process in desk.processes.items() if name != "valkey"]
    return [pid for parent in running for pid in family(parent)]


def fill(desk: Installation, disk: Disk) -> None:
    """Leave no room, not even in SQLite's log, whose space is used again and again."""
    desk.runtime.database.checkpoint()
    disk.fill()


def post_one(desk: Installation, external_id: str) -> Answer:
    text = f"This is what {external_id} says. " * 30
    return desk.post("/v1/comments", {"external_id": external_id, "text": text})


def assert_put_off(answer: Answer) -> None:
    assert answer.status == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "5"
    assert answer.body["code"] == "storage-unavailable"


def assert_whole(desk: Installation, accepted: set[str]) -> None:
    """See that what was accepted is there, all of it and no more, and decided once."""
    wait_until(desk.all_decided)
    rows = desk.rows(
        "SELECT c.external_id, c.status,"
        " (SELECT count(*) FROM jobs j WHERE j.comment_id = c.id AND j.state = 'done'),"
        " (SELECT count(*) FROM decisions d WHERE d.comment_id = c.id),"
        " (SELECT count(*) FROM classifications f WHERE f.comment_id = c.id AND f.failure IS NULL),"
        " (SELECT count(*) FROM events e WHERE e.comment_id = c.id)"
        " FROM comments c"
    )
    assert {row[0] for row in rows} == accepted
    assert {tuple(row[2:]) for row in rows} == {(1, 1, 1, 1)}
    if desk.runtime.database.is_sqlite:
        assert desk.rows("PRAGMA integrity_check") == [("ok",)]
        assert desk.rows("PRAGMA foreign_key_check") == []


def test_a_full_disk_puts_intake_off_and_leaves_nothing_half_written(
    full: tuple[Installation, Disk],
) -> None:
    desk, disk = full
    accepted = {f"before{n}" for n in range(20) if post_one(desk, f"before{n}").status == 202}
    wait_until(desk.all_decided)
    fill(desk, disk)
    answers = {f"full{n}": post_one(desk, f"full{n}") for n in range(30)}
    refused = [answer for answer in answers.values() if answer.status != 202]
    assert len(refused) > 10
    for answer in refused:
        assert_put_off(answer)
    accepted |= {name for name, answer in answers.items() if answer.status == 202}
    disk.free()
    again = {name for name in answers if post_one(desk, name).status in (200, 202)}
    assert again == set(answers)
    assert_whole(desk, accepted | again)


def test_a_disk_that_fills_up_before_recording_costs_no_comment_its_decision(
    full: tuple[Installation, Disk],
) -> None:
    desk, disk = full
    accepted = freeze_in_mid_batch(desk)
    held = desk.rows(_UNFINISHED)
    fill(desk, disk)
    desk.kill("classify", signal.SIGCONT)
    # Long enough to try to record some times, on a disk that stays full.
    time.sleep(3)
    if desk.runtime.database.is_sqlite:
        # PostgreSQL may have room here and there in its pages, or be gone.
        assert desk.rows(_UNFINISHED) == held
    disk.free()
    assert_whole(desk, accepted)


_UNFINISHED = "SELECT count(*) FROM jobs WHERE state = 'queued'"


def freeze_in_mid_batch(desk: Installation) -> set[str]:
    accepted: set[str] = set()
    for turn in range(30):
        new = [f"turn{turn}-{n}" for n in range(100)]
        comments = [{"external_id": name, "text": f"I am {name}. " * 10} for name in new]
        assert desk.post("/v1/comments/batch", {"comments": comments}).status == 200
        accepted |= set(new)
        desk.kill("classify", signal.SIGSTOP)
        if desk.mid_batch():
            return accepted
        desk.kill("classify", signal.SIGCONT)
    raise AssertionError("no batch was hit")


@pytest.mark.parametrize("way", WAYS)
def test_a_valkey_without_room_refuses_writes_and_intake_does_not(way: str, tmp_path: Path) -> None:
    folder = tmp_path / "valkey"
    folder.mkdir()
    with ExitStack() as stack:
        if way == "disk":
            disk: Disk = stack.enter_context(small_disk(folder, 8))
        desk = stack.enter_context(installation(tmp_path))
        valkey = start_valkey(desk.valkey_port, folder, "--appendonly", "yes")
        desk.processes["valkey"] = valkey
        if way == "limit":
            disk = LimitedFiles(folder, lambda: [valkey.pid])
        desk.start("web", "classify", "retry", "deliveries", "beat")
        desk.ready()
        disk.fill()
        wait_until(lambda: refuses_writes(desk))
        accepted = {f"c{n}" for n in range(20) if post_one(desk, f"c{n}").status == 202}
        assert len(accepted) == 20
        assert refuses_writes(desk)
        disk.free()
        assert_whole(desk, accepted)
        assert valkey.poll() is None


def refuses_writes(desk: Installation) -> bool:
    """Ask Valkey to keep a large value, which it does once its file could be written again."""
    try:
        desk.runtime.broker.redis.set("test", bytes(8192), ex=1)
    except ResponseError as error:
        return str(error).startswith("MISCONF")
    return False
