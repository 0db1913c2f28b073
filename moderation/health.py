"""The probe of a worker: `python -m moderation.health [--end] [NAME …]`, for health checks.

It costs next to nothing while marks of progress are young, for then it imports nothing of ours but
how to read them. Only where one is old does another process take its place, with all that it needs
to ask for what waits. Exits with 0 or 1 and says why in a line for each worker.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from moderation.environment import folder
from moderation.progress import known, look

END = "--end"
"""End a worker that is stuck, so that whoever started it starts it again."""


def main(arguments: Sequence[str]) -> int:
    """Judge the named workers, or all that have left a mark; return the exit status."""
    place = folder()
    names = [name for name in arguments if name != END] or known(place)
    if not names or not all(look(place, name).is_recent for name in names):
        command = [sys.executable, "-m", "moderation.judging", *arguments]
        os.execv(sys.executable, command)  # noqa: S606 - ourselves
    for name in names:
        sys.stdout.write(young(place, name) + "\n")
    return 0


def young(place: Path, name: str) -> str:
    """Say that a worker needs no further question."""
    return f"{name} is well: it worked, or had nothing to do, {look(place, name).age:.0f} s ago"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
