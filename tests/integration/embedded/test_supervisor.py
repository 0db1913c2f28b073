import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moderation.embedded import children, supervisor
from moderation.embedded.errors import CannotStart
from moderation.embedded.folder import Folder, open_folder
from moderation.embedded.programs import Program
from moderation.embedded.supervisor import Supervisor

DEADLINE = 10.0

# Says its process id, and that of a child of its own, which ignores being asked to stop.
FAMILY = """
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), child.pid, flush=True)
{first}
time.sleep(600)
"""
IGNORE = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"


def family(name: str, first: str = "") -> Program:
    return Program(name, (sys.executable, "-c", FAMILY.format(first=first)))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with open_folder(tmp_path) as made:
        yield made


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def watch(folder: Folder, said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(folder, said.append)
    yield made
    made.stop(lambda: True)


def wait_until(condition: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline
        meanwhile()
        time.sleep(0.02)


def members(folder: Folder, name: str) -> list[int]:
    """Return the process ids that the program said last."""
    log = folder.logs / f"{name}.log"
    return [int(word) for word in log.read_text().split()[-2:]] if log.exists() else []


def lives(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def started(folder: Folder, name: str) -> list[int]:
    wait_until(lambda: len(members(folder, name)) == 2)
    return members(folder, name)


def test_a_program_that_dies_is_started_again_without_its_orphans(
    watch: Supervisor, folder: Folder, said: list[str]
) -> None:
    watch.start([family("worker")])
    watch.ready()
    parent, child = started(folder, "worker")
    os.kill(parent, signal.SIGKILL)
    wait_until(lambda: members(folder, "worker")[0] != parent, watch.tend)
    assert not lives(child)
    (line,) = said
    assert "worker was killed by SIGKILL" in line


def test_stopping_leaves_nobody_behind(watch: Supervisor, folder: Folder) -> None:
    watch.start([family("worker")])
    pids = started(folder, "worker")
    watch.stop(lambda: False)
    wait_until(lambda: not any(map(lives, pids)))


def test_who_does_not_stop_in_time_is_killed(
    watch: Supervisor, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.3)
    watch.start([family("worker", f"{IGNORE}; print(os.getpid(), child.pid, flush=True)")])
    pids = started(folder, "worker")
    wait_until(lambda: (folder.logs / "worker.log").read_text().count("\n") == 2)
    watch.stop(lambda: False)
    wait_until(lambda: not any(map(lives, pids)))


def test_what_others_need_is_stopped_last(watch: Supervisor, folder: Folder) -> None:
    stopped = folder.path / "stopped"
    note = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        f"    open({str(stopped)!r}, 'a').write(sys.argv[1] + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print(1, 2, flush=True)\n"
        "time.sleep(600)\n"
    )
    needed = Program("valkey", (sys.executable, "-c", note, "valkey"), needed_by_others=True)
    watch.start([needed, Program("web", (sys.executable, "-c", note, "web"))])
    for name in ("valkey", "web"):
        started(folder, name)
    watch.stop(lambda: False)
    assert stopped.read_text() == "web valkey "


def test_a_program_that_never_works_is_given_up_with_its_last_words(
    watch: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "LONGEST_PAUSE", 0.01)
    watch.start([Program("web", (sys.executable, "-c", "raise SystemExit('no such table')"))])
    with pytest.raises(CannotStart, match=r"(?s)web ended with 1 each time.*no such table"):
        wait_until(lambda: False, watch.tend)


def test_a_program_that_is_not_there_is_named(watch: Supervisor) -> None:
    with pytest.raises(CannotStart, match="web does not start"):
        watch.start([Program("web", ("/nowhere/gunicorn",))])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a death")
def test_children_are_told_to_stop_when_their_parent_is_killed() -> None:
    code = (
        "import os, signal, sys\n"
        "from moderation.embedded.children import start\n"
        "child = start((sys.executable, '-c', 'import time; time.sleep(600)'), 1, 2)\n"
        "print(child.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    parent = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, check=False
    )
    pid = int(parent.stdout)
    wait_until(lambda: not lives(pid))
