"""`copydesk run` as a person meets it: one command, and everything runs on this machine."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.installation import DEADLINE, wait_until
from tests.servers import free_port

COPYDESK = Path(sys.executable).with_name("copydesk")


@dataclass
class Run:
    """One run of the embedded mode and what it said until it was ready."""

    process: "subprocess.Popen[str]"
    lines: list[str]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(DEADLINE)


@dataclass(frozen=True)
class Machine:
    """A folder of its own and a free port: what another machine would have."""

    folder: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        own = {"COPYDESK_VAR": str(self.folder), "COPYDESK_PORT": str(self.port)}
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("COPYDESK_")}
        return inherited | own

    @contextmanager
    def running(self) -> Iterator[Run]:
        command = [sys.executable, "-m", "moderation.embedded"]
        with subprocess.Popen(  # noqa: S603 - our own command
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
        ) as process:
            try:
                yield Run(process, _until_ready(process))
            finally:
                if process.poll() is None:
                    process.kill()
                wait_until(lambda: not self.processes())

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603 - our own command
            [COPYDESK, *words], env=self.environment, capture_output=True, text=True, check=False
        )

    def processes(self) -> list[int]:
        """Return who runs on this folder: they have it in their environment."""
        marker = f"COPYDESK_VAR={self.folder}".encode()
        return [int(path.parent.name) for path in _environs() if marker in _read(path)]


def _environs() -> list[Path]:
    return [path / "environ" for path in Path("/proc").iterdir() if path.name.isdigit()]


def _read(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().split(b"\0")
    except OSError:
        return []


def _until_ready(process: "subprocess.Popen[str]") -> list[str]:
    """Return what was said up to the last line of the greeting."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if "Stop: Ctrl-C" in line:
            return lines
    raise AssertionError("\n".join(lines))


def said(lines: list[str], word: str) -> str:
    (line,) = [line for line in lines if word in line]
    return line


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("machine") / "var", free_port())


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_one_command_runs_everything_and_ctrl_c_stops_it(machine: Machine) -> None:
    with machine.running() as run:
        assert len(run.lines) <= 15
        pasted = subprocess.run(  # noqa: S602 - as a person pastes it
            said(run.lines, "curl"), shell=True, capture_output=True, text=True, check=True
        )
        assert json.loads(pasted.stdout)["status"] == "flagged"
        assert f"http://127.0.0.1:{machine.port}/" in said(run.lines, "ready")
        assert said(run.lines, "password").split()[1]
        assert run.stop() == 0
        assert run.process.stdout is not None
        assert run.process.stdout.read().endswith("Stopping …\nStopped.\n")
        assert machine.processes() == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_second_run_keeps_what_there_is_and_repeats_no_secret(machine: Machine) -> None:
    with machine.running() as run:
        text = "\n".join(run.lines)
        assert "copydesk user reset" in text
        assert "shown this once" not in text
        _, _, new_key = said(run.lines, "API key").partition("a new one: ")
        answer = subprocess.run(  # noqa: S602 - as a person pastes it
            f"{new_key}\n{said(run.lines, 'curl')}",
            shell=True,
            env=machine.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        comment = json.loads(answer.stdout)
        assert (comment["status"], comment["revision"]) == ("flagged", 1)
        _demonstrate(machine)
        _be_refused(machine)
        assert run.stop(signal.SIGTERM) == 0
        assert machine.processes() == []


def _demonstrate(machine: Machine) -> None:
    demo = machine.command("demo")
    assert demo.returncode == 0, demo.stderr
    assert said(demo.stdout.splitlines(), "complete idiot").split()[-3] == "flagged"
    assert "approved" in said(demo.stdout.splitlines(), "Two billion for rail")
    assert "\x1b" not in demo.stdout
    assert "\u202e" not in demo.stdout
    assert machine.command("health").returncode == 0
    # The key that the demonstration made for itself works no more.
    (own,) = [
        line
        for line in machine.command("key", "list", "demo").stdout.splitlines()
        if "copydesk demo" in line
    ]
    assert own.count("UTC") == 3


def _be_refused(machine: Machine) -> None:
    for words, environment, complaint in (
        ("the same folder", machine.environment, "already"),
        (
            "the same port",
            machine.environment | {"COPYDESK_VAR": f"{machine.folder}-2"},
            "is taken by another program",
        ),
    ):
        second = subprocess.run(
            [sys.executable, "-m", "moderation.embedded"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1, words
        assert complaint in second.stderr
        assert second.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a death")
def test_a_killed_run_leaves_nobody_behind(machine: Machine) -> None:
    with machine.running() as run:
        assert len(machine.processes()) > 5
        run.stop(signal.SIGKILL)
        wait_until(lambda: not machine.processes())
