"""Watching progress: find programs that live but do not work any more.

Marks of progress are only looked at; where one has not changed for too long, a probe in a process
of its own asks whether there is work, for that needs the storage and Celery, which we do not load.
"""

import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

from moderation.embedded.children import Child, start
from moderation.embedded.folder import Folder
from moderation.progress import NAMES, look, touched

LOOK_SECONDS = 5.0
PROBE_SECONDS = 60.0
"""A probe that hangs for so long knows nothing."""

STARTING_SECONDS = 300.0
"""For a program to start and leave its first mark, on a machine as busy as it likes."""

_PROBE = (sys.executable, "-m", "moderation.health")


@dataclass(slots=True)
class _Seen:
    """What a child's marks were when they last changed, and when that was noticed."""

    process_id: int | None
    touched: tuple[float, float]
    at: float


class Watch:
    """Says which children are stuck; goes by a clock that nobody can set."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._seen: dict[str, _Seen] = {}
        self._looked_at = 0.0
        self._probe: tuple[str, subprocess.Popen[bytes], float] | None = None

    def stuck(self, children: Iterable[Child]) -> tuple[Child, str] | None:
        """Return a child that is stuck, and why, if one was just found; never waits."""
        running = {child.program.name: child for child in children if child.runs}
        if self._probe is not None:
            return self._answer(running)
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._looked_at = time.monotonic()
            self._look(running)
        return None

    def close(self) -> None:
        """End the probe that is under way."""
        if self._probe is not None:
            self._probe[1].kill()
            self._probe[1].communicate()
            self._probe = None

    def _look(self, running: dict[str, Child]) -> None:
        for name in NAMES:
            if name in running and self._is_old(name, running[name].process_id):
                lock = self._folder.lock.fileno()
                probe = start((*_PROBE, name), subprocess.PIPE, lock, errors=subprocess.DEVNULL)
                self._probe = (name, probe, time.monotonic())
                return

    def _is_old(self, name: str, process_id: int | None) -> bool:
        now, latest = time.monotonic(), touched(self._folder.path, name)
        seen = self._seen.get(name)
        if seen is None or (seen.process_id, seen.touched) != (process_id, latest):
            self._seen[name] = _Seen(process_id, latest, now)
            return False
        progress = look(self._folder.path, name)
        # Until it has left a mark of its own, there is only that of the process before it.
        own = progress.pid == process_id
        return now - seen.at > (progress.patience if own else STARTING_SECONDS)

    def _answer(self, running: dict[str, Child]) -> tuple[Child, str] | None:
        if self._probe is None:
            return None
        name, probe, began = self._probe
        if probe.poll() is None:
            if time.monotonic() - began > PROBE_SECONDS:
                self.close()
            return None
        said = probe.communicate()[0].decode(errors="replace").strip()
        self._probe = None
        # Asked again only after another while of patience, whatever the answer was.
        self._seen.pop(name, None)
        return (running[name], said) if probe.returncode == 1 and name in running else None
