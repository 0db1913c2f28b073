"""CPU time and memory of whole process trees, as Linux counts them."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """Return a process and all its descendants that live."""
    return [root, *(pid for child in _children(root) for pid in tree(child))]


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return the user and system seconds of these trees, ended children that were waited for too.

    Only the difference of two readings means something.
    """
    return sum(_own_and_ended(pid) for root in roots for pid in tree(root))


def megabytes(root: int) -> float:
    """Return the proportional share of memory (PSS) of a tree: what is shared counts once."""
    return sum(_proportional_kilobytes(pid) for pid in tree(root)) / 1024


def _proportional_kilobytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _own_and_ended(pid: int) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        # It ended meanwhile: from now on its parent counts it.
        return 0.0
    # The name before the last bracket may hold anything; utime, stime, cutime and cstime follow.
    fields = stat.rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) * _TICK


def _children(pid: int) -> list[int]:
    try:
        # Any thread of a process may have started children.
        lists = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for listed in lists for child in listed.split()]
