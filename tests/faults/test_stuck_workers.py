"""A worker that lives and does not work is found by its progress, and only where it has work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from moderation.embedded import watch
from moderation.embedded.folder import Folder, open_folder
from moderation.embedded.programs import programs
from moderation.embedded.supervisor import Supervisor
from moderation.model.errors import StorageUnavailable
from moderation.storage.jobs import jobs
from tests.installation import DEADLINE, Installation, environment, installation, wait_until
from tests.servers import free_port


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        for name, value in environment(made.settings).items():
            monkeypatch.setenv(name, value)
        yield made


def probe(*arguments: str) -> tuple[int, str]:
    command = (sys.executable, "-m", "moderation.health", *arguments)
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    return done.returncode, done.stdout


def marks(desk: Installation, name: str) -> list[Path]:
    return list((desk.folder / "progress").glob(f"{name}*"))


def let_marks_grow_old(desk: Installation, name: str) -> None:
    old = time.time() - 1000
    for path in marks(desk, name):
        os.utime(path, (old, old))


def let_comments_wait(desk: Installation) -> None:
    with desk.runtime.transaction() as connection:
        ago = desk.runtime.database_now(connection) - timedelta(minutes=1)
        connection.execute(update(jobs).values(created_at=ago))


def post(desk: Installation, external_id: str = "c1") -> None:
    answer = desk.post("/v1/comments", {"external_id": external_id, "text": "Good morning."})
    assert answer.status == 202


def working(desk: Installation, name: str = "classify") -> None:
    """Wait until a worker answers calls."""
    wait_until(lambda: ready_children(desk.folder / f"{name}.log") == desk.settings.workers)


def ready_children(log: Path) -> int:
    return log.read_text().count("worker_ready") if log.exists() else 0


def freeze(desk: Installation, group: int) -> bool:
    """Stop a worker; False where it holds SQLite's one write lock just then, and goes on."""
    os.killpg(group, signal.SIGSTOP)
    try:
        with desk.runtime.transaction():
            return True
    except StorageUnavailable:
        os.killpg(group, signal.SIGCONT)
        return False


def test_a_frozen_worker_is_stuck_only_when_comments_wait(desk: Installation) -> None:
    desk.start("valkey", "web", "classify")
    desk.ready()
    working(desk)
    wait_until(lambda: freeze(desk, desk.processes["classify"].pid))
    let_marks_grow_old(desk, "classify")
    code, said = probe("classify")
    assert (code, said) == (0, "classify is excused: there is nothing to do\n")
    post(desk)
    let_comments_wait(desk)
    assert probe("classify")[0] == 0, "it was excused a moment ago"
    let_marks_grow_old(desk, "classify")
    code, said = probe("classify")
    assert code == 1
    assert said.startswith("classify is stuck: comments wait, and no task has ended for 10")
    desk.kill("classify", signal.SIGCONT)
    wait_until(desk.all_decided)
    assert probe("classify")[0] == 0


def test_a_worker_that_answers_pings_and_consumes_nothing_is_stuck(desk: Installation) -> None:
    desk.start("valkey", "web", "classify")
    desk.ready()
    working(desk)
    control = desk.runtime.broker.celery.control
    wait_until(lambda: bool(control.ping(timeout=0.5)))
    control.cancel_consumer("classify", reply=True)
    post(desk)
    let_comments_wait(desk)
    let_marks_grow_old(desk, "classify")
    wait_until(lambda: bool(control.ping(timeout=0.5)))
    code, said = probe("--end", "classify")
    assert (code, "comments wait" in said) == (1, True)
    assert desk.processes["classify"].wait(DEADLINE) == -signal.SIGKILL


def test_nobody_is_blamed_for_redis_or_the_database(
    desk: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.start("valkey", "web", "classify")
    desk.ready()
    working(desk)
    desk.kill("valkey")
    post(desk)
    let_comments_wait(desk)
    let_marks_grow_old(desk, "classify")
    assert probe("classify") == (0, "classify is excused: Redis does not answer\n")
    desk.start("valkey")
    nowhere = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    monkeypatch.setenv("COPYDESK_DATABASE_URL", nowhere)
    let_marks_grow_old(desk, "classify")
    assert probe("classify") == (0, "classify is excused: the database does not answer\n")


def test_a_worker_that_has_ended_is_not_stuck(desk: Installation) -> None:
    desk.start("valkey", "web", "classify")
    desk.ready()
    working(desk)
    desk.kill("classify")
    post(desk)
    let_comments_wait(desk)
    let_marks_grow_old(desk, "classify")
    code, said = probe("classify")
    assert (code, "has ended" in said) == (0, True)


def test_a_worker_that_still_loads_its_model_is_given_time(desk: Installation) -> None:
    desk.start("valkey", "web", "classify")
    wait_until(lambda: len(marks(desk, "classify")) == 1)
    # The first mark is good for longer than any that a working process leaves.
    first = float(marks(desk, "classify")[0].read_text().split()[0])
    working(desk)
    [mark] = marks(desk, "classify")
    assert float(mark.read_text().split()[0]) < first


def test_beat_and_deliveries_leave_marks_of_their_own(desk: Installation) -> None:
    desk.start("valkey", "deliveries", "beat")
    wait_until(lambda: len(marks(desk, "deliveries")) == len(marks(desk, "beat")) == 1)
    for name in ("deliveries", "beat"):
        let_marks_grow_old(desk, name)
        wait_until(lambda name=name: probe(name)[1].startswith(f"{name} is well"))  # type: ignore[misc]
    desk.kill("beat", signal.SIGSTOP)
    let_marks_grow_old(desk, "beat")
    assert probe("beat")[0] == 1
    desk.kill("beat", signal.SIGCONT)
    wait_until(lambda: freeze(desk, desk.processes["deliveries"].pid))
    sweeps = desk.runtime.broker.redis
    wait_until(lambda: sweeps.llen("sweep") >= 10)
    let_marks_grow_old(desk, "deliveries")
    assert probe("deliveries")[0] == 1


@pytest.fixture
def folder(desk: Installation) -> Iterator[Folder]:
    with open_folder(desk.folder) as made:
        yield made


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(
    desk: Installation, folder: Folder, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Supervisor]:
    """Yield a supervisor of everything but Valkey, which is started."""
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.2)
    desk.start("valkey")
    made = Supervisor(folder, said.append)
    made.start(programs(desk.settings))
    made.ready()
    yield made
    made.stop(lambda: True)


def process_id(desk: Installation, name: str = "classify") -> int:
    path = desk.folder / "progress" / name
    words = path.read_text().split() if path.exists() else []
    return int(words[1]) if words else 0


def be_impatient(desk: Installation, patience: int) -> None:
    """Say in a mark that its worker needs no longer than this."""
    (desk.folder / "progress" / "classify").write_text(f"{patience} {process_id(desk)}\n")


def until(supervisor: Supervisor, condition: object) -> None:
    def tended() -> bool:
        supervisor.tend()
        return bool(condition())  # type: ignore[operator]

    wait_until(tended)


def test_the_supervisor_starts_what_is_stuck_again_and_everything_is_decided(
    desk: Installation, supervisor: Supervisor, said: list[str]
) -> None:
    log = desk.folder / "log" / "classify.log"
    until(supervisor, lambda: ready_children(log) == desk.settings.workers)
    desk.ready()
    stuck = process_id(desk)
    wait_until(lambda: freeze(desk, stuck))
    for number in range(50):
        post(desk, f"c{number}")
    let_comments_wait(desk)
    be_impatient(desk, 1)
    until(supervisor, desk.all_decided)
    assert process_id(desk) != stuck
    assert [line.split(":")[0] for line in said] == ["classify is stuck"]


def test_the_supervisor_starts_nobody_again_because_redis_is_away(
    desk: Installation, supervisor: Supervisor, said: list[str]
) -> None:
    log = desk.folder / "log" / "classify.log"
    until(supervisor, lambda: ready_children(log) == desk.settings.workers)
    desk.ready()
    before = process_id(desk)
    desk.kill("valkey")
    post(desk)
    let_comments_wait(desk)
    be_impatient(desk, 1)
    excused = desk.folder / "progress" / "classify.excused"
    until(supervisor, excused.exists)
    first = excused.stat().st_mtime
    until(supervisor, lambda: excused.stat().st_mtime > first)
    be_impatient(desk, 600)
    desk.start("valkey")
    until(supervisor, desk.all_decided)
    assert (process_id(desk), said) == (before, [])
