"""The folder of the embedded mode: data, logs, secrets, and the lock of whoever runs on it."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from moderation.embedded.errors import CannotStart
from moderation.settings import is_set

MIN_FREE_MEGABYTES = 100
"""With less, the first comments would fill the disk."""

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder; its lock is held until the last process that inherited it has ended."""

    path: Path
    lock: TextIO

    @property
    def logs(self) -> Path:
        """Where the output of each program goes."""
        return self.path / "log"

    @property
    def valkey(self) -> Path:
        """Where Valkey keeps its configuration and its append-only file."""
        return self.path / "valkey"


@contextmanager
def open_folder(path: Path) -> Iterator[Folder]:
    """Make the folder, or use the one there is, and keep it locked.

    Raises CannotStart: not writable, no space, or in use.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (path / "run.lock").open("a+")
    except OSError as error:
        raise _unwritable(path, error) from None
    with lock:
        _lock(path, lock)
        folder = Folder(path, lock)
        _make_parts(folder)
        _check_space(path)
        yield folder


def keep_secret_key(folder: Folder) -> None:
    """Make the installation's secret key at the first start, unless the operator gave one."""
    path = folder.path / "secret_key"
    if not is_set("secret_key") and not path.exists():
        write_private(path, secrets.token_urlsafe(48))


def forget_address(folder: Folder) -> None:
    """Forget where the last run could be found: this one may listen elsewhere."""
    (folder.path / "public_url").unlink(missing_ok=True)


def keep_address(folder: Folder, base_url: str) -> None:
    """Tell other commands, in other shells, where this installation is found."""
    write_private(folder.path / "public_url", base_url)


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, whole or not at all."""
    new = path.with_name(path.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _make_parts(folder: Folder) -> None:
    try:
        for part in (folder.logs, folder.valkey):
            part.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder.path, error) from None


def _unwritable(path: Path, error: OSError) -> CannotStart:
    return CannotStart(
        f"{path}/ cannot be written ({error.strerror}). "
        "Set COPYDESK_VAR to a folder that belongs to you."
    )


def _check_space(path: Path) -> None:
    free = shutil.disk_usage(path).free // _MEGABYTE
    if free < MIN_FREE_MEGABYTES:
        raise CannotStart(
            f"The disk that holds {path}/ is full: {free} MB are free, Copydesk needs "
            f"{MIN_FREE_MEGABYTES}."
        )


def _lock(path: Path, lock: TextIO) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        raise CannotStart(
            f"Copydesk runs on {path}/ already, or is just stopping (process {holder}). "
            "Stop it first, or set COPYDESK_VAR to another folder."
        ) from None
    try:
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
    except OSError as error:
        raise _unwritable(path, error) from None
