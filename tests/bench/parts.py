"""The parts of an installation whose cost is counted, each by the roots of its process trees."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic

from tests.bench.processes import cpu_seconds, tree
from tests.installation import Installation

PROGRAMS = ("valkey", "classify", "retry", "deliveries", "beat")
"""Everything that classifying needs: all but the web."""

WORKERS = "workers"
VALKEY = "Valkey"
SERVER = "database server"
OTHERS = "beat, deliveries and retry"

Parts = dict[str, list[int]]


def parts(desk: Installation) -> Parts:
    """Return the running parts; the server is none where the database is a file."""
    running = {name: process.pid for name, process in desk.processes.items()}
    return {
        WORKERS: [running["classify"]],
        VALKEY: [running["valkey"]],
        SERVER: _postmaster(desk),
        OTHERS: [running[name] for name in ("beat", "deliveries", "retry") if name in running],
    }


class Meter:
    """Reads the CPU seconds of each part, and the clock, from now on."""

    def __init__(self, roots: Parts) -> None:
        self._roots = roots
        self._before = {name: cpu_seconds(pids) for name, pids in roots.items()}
        self._started = monotonic()

    def read(self) -> "Spent":
        wall = monotonic() - self._started
        spent = {name: cpu_seconds(pids) - self._before[name] for name, pids in self._roots.items()}
        return Spent(wall, spent)


@dataclass(frozen=True, slots=True)
class Spent:
    """Wall seconds, and CPU seconds by part."""

    wall: float
    by_part: Mapping[str, float]

    def cpu(self, *names: str) -> float:
        """Return the CPU seconds of these parts, by default of all."""
        return sum(self.by_part[name] for name in names or self.by_part)


def _postmaster(desk: Installation) -> list[int]:
    """Return the database server's first process, where there is one and it runs here."""
    if desk.runtime.database.is_sqlite:
        return []
    [(pid,)] = desk.rows("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int")
    return [pid] if len(tree(pid)) > 1 else []
