"""Supervising: start programs, start them again when they die or stand still, stop them all."""

import contextlib
import time
from collections.abc import Callable, Iterable

from moderation.embedded.children import Child
from moderation.embedded.errors import CannotStart
from moderation.embedded.folder import Folder
from moderation.embedded.log_files import last_lines, trim
from moderation.embedded.programs import Program
from moderation.embedded.watch import Watch

STOP_SECONDS = 10.0
"""A worker finishes its batch in less; what still runs then is killed, and nothing is lost."""

PATIENCE = 3
"""A program that dies so often before everything was ready once will not get better."""

LAST_LINES = 8
TICK_SECONDS = 0.1
TRIM_SECONDS = 60.0


class Supervisor:
    """Keeps programs running; a person is told through `say`."""

    def __init__(self, folder: Folder, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._say = say
        self._children: list[Child] = []
        self._ready = False
        self._watch = Watch(folder)
        self._trimmed_at = time.monotonic()

    def start(self, programs: Iterable[Program]) -> None:
        """Start these too. Raises CannotStart if the operating system refuses."""
        for program in programs:
            child = Child(program, self._folder.logs, self._folder.lock.fileno())
            self._children.append(child)
            try:
                child.start()
            except OSError as error:
                raise CannotStart(f"{program.name} does not start: {error}") from None

    def ready(self) -> None:
        """Note that everything worked once: from now on a death is a mishap, not a mistake."""
        self._ready = True

    def tend(self) -> None:
        """Look at every program once, then rest a moment.

        Raises CannotStart if one keeps dying before everything was ready.
        """
        for child in self._children:
            if child.has_ended:
                self._mourn(child)
            elif child.is_due:
                with contextlib.suppress(OSError):
                    child.start()
        if self._ready and (found := self._watch.stuck(self._children)):
            self._start_again(*found)
        if time.monotonic() - self._trimmed_at > TRIM_SECONDS:
            self._trimmed_at = time.monotonic()
            for child in self._children:
                trim(child.log)
        time.sleep(TICK_SECONDS)

    def stop(self, in_a_hurry: Callable[[], bool]) -> None:
        """Stop everything, what others need last; kill what takes too long."""
        self._watch.close()
        for needed in (False, True):
            group = [c for c in self._children if c.program.needed_by_others is needed]
            for child in group:
                child.terminate()
            deadline = time.monotonic() + STOP_SECONDS
            while any(child.runs for child in group):
                if time.monotonic() > deadline or in_a_hurry():
                    break
                time.sleep(TICK_SECONDS / 2)
            for child in group:
                child.kill()

    def _mourn(self, child: Child) -> None:
        how = child.bury()
        if not self._ready and child.failures >= PATIENCE:
            raise CannotStart(_obituary(child, how))
        if self._ready:
            self._say(f"{child.program.name} {how}; it is started again. See {child.log}")

    def _start_again(self, child: Child, why: str) -> None:
        """Kill a child that lives and does not work; what it held is taken up by others."""
        child.bury()
        self._say(f"{why}; it is started again. See {child.log}")


def _obituary(child: Child, how: str) -> str:
    said = "".join(f"\n  {line}" for line in last_lines(child.log, LAST_LINES))
    return f"{child.program.name} {how} each time it was started; {child.log} ends with{said}"
