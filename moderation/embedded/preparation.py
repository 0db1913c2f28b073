"""Preparing, seen from the process that stays: run it, and know whether it may run alongside."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from moderation import storage
from moderation.embedded.children import start
from moderation.embedded.errors import CannotStart
from moderation.embedded.folder import Folder, write_private
from moderation.settings import Settings

_PREPARE = (sys.executable, "-m", "moderation.embedded.prepare")


def prepare(place: Folder, settings: Settings) -> dict[str, Any]:
    """Migrate and make what a first start makes; return what `prepare.Prepared` has.

    Raises CannotStart with the reason.
    """
    child = start(_PREPARE, subprocess.PIPE, place.lock.fileno(), errors=subprocess.PIPE)
    answer, complaint = child.communicate()
    if child.returncode:
        lines = complaint.decode(errors="replace").strip().splitlines()
        raise CannotStart(lines[-1] if lines else f"preparing ended with {child.returncode}")
    write_private(_mark(place), _schema(settings))
    made: dict[str, Any] = json.loads(answer)
    return made


def was_prepared(place: Folder, settings: Settings) -> bool:
    """Say whether this database had this version's schema when it was last used.

    Then the programs need not wait for what will most likely find nothing to do; where it is wrong
    they are refused by the database and try again a moment later.
    """
    try:
        return _mark(place).read_text().strip() == _schema(settings)
    except OSError:
        return False


def _mark(place: Folder) -> Path:
    return place.path / "prepared"


def _schema(settings: Settings) -> str:
    versions = Path(storage.__file__).parent / "migrations" / "versions"
    names = sorted(path.name for path in versions.glob("*.py"))
    return hashlib.sha256("\n".join([settings.database_url, *names]).encode()).hexdigest()
