"""The build that is tested, so that nobody takes up the results of another."""

import hashlib
import subprocess
from pathlib import Path


def commit() -> str:
    """Name what is checked out, and what was changed in it; empty where git does not know."""
    try:
        head = _git("rev-parse", "HEAD").decode().strip()
        changes = _git("diff", "HEAD")
        new = _git("ls-files", "--others", "--exclude-standard", "-z").split(b"\0")
    except (OSError, subprocess.CalledProcessError):
        return ""
    changes += b"".join(name + Path(name.decode()).read_bytes() for name in new if name)
    return f"{head}-dirty-{hashlib.sha256(changes).hexdigest()[:12]}" if changes else head


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], check=True, capture_output=True).stdout  # noqa: S603, S607 - ours; from the PATH
