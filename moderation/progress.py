"""Progress marks: a file for each worker, touched whenever one of its tasks has ended.

A heartbeat says that a process lives; a mark says that it works. Standard library only, for probes
read them every few seconds. Ages go by the time that the file system gives to a touched file.
"""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

NAMES = ("classify", "retry", "deliveries", "beat", "scoring")
"""The workers that leave marks; each is the name of a program, and of its log."""

DEFAULT_PATIENCE = 60.0
"""Seconds, for a worker that has left no mark yet."""

_FUTURE = 2.0
"""A file from further ahead was touched before the machine's clock was set back."""


class Mark:
    """The mark of a worker, as its own processes write it. Nothing here ever raises."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = _mark(folder, name)
        # Of the process that begins, and not of the children that it forks.
        self._pid = os.getpid()
        self._patience = DEFAULT_PATIENCE

    def begin(self, patience: float) -> bool:
        """Write the mark anew; False where that is not possible, and so nobody can judge us.

        `patience` says how many seconds may pass from now on between two touches while there is
        work.
        """
        self._patience = patience
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(f"{patience:.0f} {self._pid}\n")
        except OSError:
            return False
        return True

    def touch(self) -> None:
        """Note that a task has ended."""
        try:
            os.utime(self._path)
        except FileNotFoundError:
            self.begin(self._patience)
        except OSError:
            return


@dataclass(frozen=True, slots=True)
class Progress:
    """What a worker's mark says: seconds since a task ended or a probe excused it, and its limit.

    `pid` is the worker's main process, None where it has left no mark yet.
    """

    age: float
    patience: float
    pid: int | None

    @property
    def is_recent(self) -> bool:
        """Whether nobody needs to ask further."""
        return self.age <= self.patience


def look(folder: Path, name: str) -> Progress:
    """Read a worker's mark; the age is infinite where there is none that means anything."""
    age = min(_age(_mark(folder, name)), _age(_excuse(folder, name)))
    try:
        patience, pid = _mark(folder, name).read_text().split()
        return Progress(age, float(patience), int(pid))
    except (OSError, ValueError):
        return Progress(age, DEFAULT_PATIENCE, None)


def touched(folder: Path, name: str) -> tuple[float, float]:
    """Return when mark and excuse were last touched, to be compared with an earlier answer."""
    return _modified(_mark(folder, name)), _modified(_excuse(folder, name))


def excuse(folder: Path, name: str) -> bool:
    """Note that a worker has a reason not to make progress now; False where that fails."""
    path = _excuse(folder, name)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        return True
    return False


def known(folder: Path) -> list[str]:
    """Return the names of the workers that have left a mark."""
    return [name for name in NAMES if _mark(folder, name).is_file()]


def _mark(folder: Path, name: str) -> Path:
    return folder / "progress" / name


def _excuse(folder: Path, name: str) -> Path:
    return folder / "progress" / f"{name}.excused"


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _age(path: Path) -> float:
    modified = _modified(path)
    age = time.time() - modified
    return max(age, 0.0) if modified and age > -_FUTURE else float("inf")
