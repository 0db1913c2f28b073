"""Memory of an embedded installation, process by process, idle and under load.

USS is what would be free again if only this process ended; of PSS, what several processes share
counts in equal parts, so that their sum is what the installation takes.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.load import Orders, send
from tests.bench.options import Options
from tests.bench.processes import tree
from tests.bench.results import Result, Target
from tests.servers import free_port

BUSY_SECONDS = 20.0
BUSY_SECONDS_SHORT = 3.0
KIBIBYTES = 1024
MEGABYTE = 1_000_000
TOGETHER = "all together"


@dataclass(frozen=True, slots=True)
class Taken:
    """Megabytes of one process."""

    uss: float
    pss: float


Snapshot = dict[str, Taken]


def run(options: Options) -> Iterator[Result]:
    """Start everything as `copydesk run` does, and look at it several times."""
    with tempfile.TemporaryDirectory() as folder, _embedded(Path(folder)) as (root, port, key):
        time.sleep(2)
        yield from _rows("idle", [_snapshot(root) for _ in range(options.runs)])
        yield _threads(root)
        seconds = BUSY_SECONDS_SHORT if options.short else BUSY_SECONDS
        busy = []
        for n in range(options.runs):
            send(Orders(port, "/v1/comments", key, seconds / options.runs, n))
            # The workers still have plenty to do.
            busy.append(_snapshot(root))
        yield from _rows("busy", busy)


@contextmanager
def _embedded(folder: Path) -> Iterator[tuple[int, int, str]]:
    """Run the embedded mode; yield its process id, its port and an API key."""
    own = {"COPYDESK_VAR": str(folder), "COPYDESK_PORT": str(free_port())}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COPYDESK_")} | own
    with subprocess.Popen(
        [sys.executable, "-m", "moderation.embedded"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        try:
            assert process.stdout is not None
            if not any("Stop: Ctrl-C" in line for line in process.stdout):
                raise RuntimeError("the embedded mode does not start")
            made = subprocess.run(  # noqa: S603 - our own command
                [Path(sys.executable).with_name("copydesk"), "key", "add", "demo"],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            [key] = [word for word in made.stdout.split() if word.startswith("cd_")]
            yield process.pid, int(own["COPYDESK_PORT"]), key
        finally:
            process.terminate()


def _snapshot(root: int) -> Snapshot:
    found: Snapshot = {}
    seen: Counter[str] = Counter()
    for pid in tree(root):
        name = _name(pid)
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name}, child {seen[name] - 1}"] = _taken(pid)
    total = Taken(sum(one.uss for one in found.values()), sum(one.pss for one in found.values()))
    return found | {TOGETHER: total}


def _name(pid: int) -> str:
    """Return what the supervisor calls the program that this process belongs to."""
    words = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").split()
    line = " ".join(words)
    for name in ("classify", "retry", "deliveries"):
        if f"{name}@" in line:
            return name
    known = {
        "valkey-server": "Valkey",
        "api.app": "web",
        "worker.scoring": "scoring",
        "beat": "beat",
    }
    return next((known[part] for part in known if part in line), "supervisor")


def _taken(pid: int) -> Taken:
    sizes: Counter[str] = Counter()
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, size, *_ = line.split()
        sizes[name.rstrip(":")] = int(size) * KIBIBYTES
    uss = sizes["Private_Clean"] + sizes["Private_Dirty"]
    return Taken(uss / MEGABYTE, sizes["Pss"] / MEGABYTE)


def _rows(state: str, snapshots: list[Snapshot]) -> Iterator[Result]:
    for name in snapshots[0]:
        taken = [snapshot[name] for snapshot in snapshots if name in snapshot]
        sizes = {"PSS": [one.pss for one in taken]}
        # What is shared belongs to nobody's USS: the sum of all would be no one's size.
        if name != TOGETHER:
            sizes["USS"] = [one.uss for one in taken]
        for kind, megabytes in sizes.items():
            measure = f"{kind} of {name}, {state}"
            yield Result("memory", measure, median(megabytes), "MB", runs=len(taken))


def _threads(root: int) -> Result:
    """Count the threads of a process that classifies: the tensor library shall have one."""
    classifying = [pid for pid in tree(root) if _name(pid) == "classify"]
    counts = [len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in classifying[1:]]
    return Result(
        bench="memory",
        measure="threads of a classifying process",
        value=max(counts),
        unit="",
        runs=len(counts),
        target=Target(at_most=1),
    )
