"""Log files: one for each program, with the one before it kept beside it."""

import contextlib
import os
import shutil
from pathlib import Path

MAX_BYTES = 50 * 1024 * 1024


def rotate(log: Path) -> None:
    """Put the last run's log aside before a program starts."""
    if log.exists() and log.stat().st_size:
        log.replace(_older(log))


def trim(log: Path) -> None:
    """Put a log aside that has grown too long while its program writes on."""
    # A full disk is no reason to stop what still works.
    with contextlib.suppress(OSError):
        if log.stat().st_size > MAX_BYTES:
            shutil.copyfile(log, _older(log))
            os.truncate(log, 0)


def last_lines(log: Path, count: int) -> list[str]:
    """Return the end of a log."""
    try:
        return log.read_text(errors="replace").splitlines()[-count:]
    except OSError:
        return []


def _older(log: Path) -> Path:
    return log.with_name(log.name + ".1")
