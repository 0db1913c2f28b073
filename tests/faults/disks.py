"""Disks that are full: a small one of one's own, or a limit on how large files may become."""

import contextlib
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest

BLOCK = 1024 * 1024
LARGEST = 4096
"""Bytes in a file under the limit: less than anything of use takes in SQLite's log."""


class Disk(Protocol):
    """Something that can be filled, and emptied again."""

    folder: Path

    def fill(self) -> None: ...

    def free(self) -> None: ...


@dataclass
class SmallDisk:
    """A tmpfs, full to its last page; it takes the right to mount."""

    folder: Path

    def fill(self) -> None:
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            for size in (BLOCK, 4096):
                with contextlib.suppress(OSError):
                    while ballast.write(bytes(size)):
                        pass

    def free(self) -> None:
        (self.folder / "ballast").unlink(missing_ok=True)


@dataclass
class LimitedFiles:
    """A limit on the size of files, on running processes and their children; it takes no right."""

    folder: Path
    processes: Callable[[], Iterable[int]]

    def fill(self) -> None:
        self._limit(LARGEST)

    def free(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))


@cache
def can_mount() -> bool:
    """Say whether this process may mount a file system."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            _mount(Path(folder), 1)
        except (OSError, subprocess.CalledProcessError):
            return False
        _unmount(Path(folder))
    return True


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a small disk on a folder; where that is not allowed, the test is skipped."""
    if not can_mount():
        pytest.skip("needs the right to mount a tmpfs")
    _mount(folder, megabytes)
    try:
        yield SmallDisk(folder)
    finally:
        _unmount(folder)


def family(pid: int) -> list[int]:
    """Return a process and all that came of it."""
    pids = [pid]
    for one in pids:
        with contextlib.suppress(OSError):
            listed = Path(f"/proc/{one}/task/{one}/children").read_text()
            pids += [int(child) for child in listed.split()]
    return pids


def _mount(folder: Path, megabytes: int) -> None:
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command


def _unmount(folder: Path) -> None:
    # What still has a file open there keeps it until it ends.
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607 - ours; from the PATH
