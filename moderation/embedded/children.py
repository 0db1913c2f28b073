"""One child process: how it is started so that it never outlives its parent."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from moderation.embedded.log_files import rotate
from moderation.embedded.programs import Program

_PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""

LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
"""A child that lived so long is started again at once; before that the pauses double."""


class Child:
    """A program that is kept running."""

    def __init__(self, program: Program, logs: Path, inherited: int) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log"
        self.failures = 0
        self._inherited = inherited
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._due_at = 0.0
        rotate(self.log)

    def start(self) -> None:
        """Start the program, in a process group of its own, its output appended to its log."""
        self._started_at = time.monotonic()
        # Where even this fails, as on a full disk, the next try comes late.
        self._due_at = self._started_at + LONGEST_PAUSE
        with self.log.open("ab") as log:
            self._process = start(self.program.command, log.fileno(), self._inherited)

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def process_id(self) -> int | None:
        """The process's id; None between two starts."""
        return None if self._process is None else self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the process ended by itself and nobody has noticed yet."""
        return self._process is not None and self._process.poll() is not None

    @property
    def is_due(self) -> bool:
        """Whether the pause before the next start is over."""
        return self._process is None and time.monotonic() >= self._due_at

    def bury(self) -> str:
        """Clean up after a process that ended, plan the next start, and say how it ended."""
        self.kill()
        now = time.monotonic()
        if now - self._started_at > STEADY_SECONDS:
            self.failures = 0
        self._due_at = now + (min(2.0**self.failures, LONGEST_PAUSE) if self.failures else 0.0)
        self.failures += 1
        code = self._process.returncode if self._process else 0
        self._process = None
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"

    def terminate(self) -> None:
        """Ask the process to end; it tells its own children."""
        if self._process is not None and self.runs:
            self._process.terminate()

    def kill(self) -> None:
        """End the process and whatever it left in its group."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def start(
    command: tuple[str, ...], output: int, inherited: int, errors: int = subprocess.STDOUT
) -> subprocess.Popen[bytes]:
    """Start a command apart from our terminal; it gets SIGTERM when we die, however we die."""
    return subprocess.Popen(  # noqa: S603 - our own command lines
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        # The lock of the folder stays taken as long as anybody works in it.
        pass_fds=(inherited,),
        # Ctrl-C is ours to hear; we say in which order the others stop.
        start_new_session=True,
        preexec_fn=_follow_parent(),  # noqa: PLW1509 - we run no thread
    )


def _follow_parent() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def follow() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return follow
