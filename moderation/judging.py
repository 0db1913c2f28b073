"""Judging workers by their progress, and asking for what waits where it is old.

`python -m moderation.judging` is what `moderation.health` turns into then.
"""

import logging
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from moderation.environment import folder
from moderation.health import END, young
from moderation.model.errors import InvalidInput
from moderation.progress import NAMES, Progress, excuse, known, look
from moderation.runtime import open_runtime
from moderation.services.worker_health import Finding, find
from moderation.settings import read_settings
from moderation.telemetry import configure_logs


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a worker may go on as it is, and why, in a line."""

    well: bool
    words: str


def judge_all(place: Path, names: Sequence[str], *, end: bool) -> list[Judgement]:
    """Judge the named workers, or all that have left a mark. Raises InvalidInput."""
    if unknown := set(names) - set(NAMES):
        raise InvalidInput(f"There is no worker {min(unknown)}; there are {', '.join(NAMES)}.")
    judged = [judge(place, name, end=end) for name in names or known(place)]
    nobody = Judgement(well=False, words=f"No worker has left a mark of progress in {place}/.")
    return judged or [nobody]


def judge(place: Path, name: str, *, end: bool) -> Judgement:
    """Judge one worker; `end` ends it if it is stuck, so that it can be started again."""
    progress = look(place, name)
    if progress.is_recent:
        return Judgement(well=True, words=young(place, name))
    found = _find(name, progress)
    # Where there is no mark at all, the worker may just be starting.
    if not found.stuck or progress.age == float("inf"):
        noted = excuse(place, name)
        reason = found.reason if noted else f"{place}/ cannot be written, so nobody can tell"
        return Judgement(well=True, words=f"{name} is excused: {reason}")
    if end and progress.pid is not None:
        _end(progress.pid)
    words = f"{name} is stuck: {found.reason}, and no task has ended for {progress.age:.0f} s"
    return Judgement(well=False, words=words)


def _find(name: str, progress: Progress) -> Finding:
    if progress.pid is not None and not _lives(progress.pid):
        return Finding(stuck=False, reason="its process has ended, and no other has begun yet")
    try:
        with open_runtime(read_settings()) as runtime:
            return find(runtime, name)
    except Exception as error:  # noqa: BLE001 - a probe that fails says nothing of the worker
        return Finding(stuck=False, reason=f"it cannot be judged ({type(error).__name__})")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _end(pid: int) -> None:
    """End a process; the first one of a container can only be asked to."""
    try:
        os.kill(pid, signal.SIGTERM if pid == 1 else signal.SIGKILL)
    except OSError as error:
        sys.stderr.write(f"process {pid}: {error.strerror}\n")


def main(arguments: Sequence[str]) -> int:
    """Judge as `moderation.health` promises; return the exit status."""
    configure_logs(as_json=False, level=logging.ERROR)
    names = [argument for argument in arguments if argument != END]
    try:
        judged = judge_all(folder(), names, end=END in arguments)
    except InvalidInput as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("".join(f"{judgement.words}\n" for judgement in judged))
    return 0 if all(judgement.well for judgement in judged) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
