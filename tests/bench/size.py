"""How much there is to install and to read."""

from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from tests.bench.options import Options
from tests.bench.results import Result

RUNTIME = Path("requirements/runtime.txt")
PRODUCT = ("api", "classifiers", "moderation", "worker")
MEGABYTE = 1_000_000


def run(options: Options) -> Iterator[Result]:  # noqa: ARG001 - counted once, there is nothing to vary
    """Count what the lock file names, as it is installed here, and our own lines."""
    packages = _packages()
    size = sum(_size(name) for name in packages) / MEGABYTE
    files = [path for folder in PRODUCT for path in Path(folder).rglob("*.py")]
    lines = sum(bool(line.strip()) for path in files for line in path.read_text().splitlines())
    for measure, value, unit in (
        ("installed dependencies on disk", size, "MB"),
        ("installed dependencies", len(packages), "packages"),
        ("the product's lines of Python, blank ones left out", lines, "lines"),
        ("the product's Python files", len(files), "files"),
    ):
        yield Result("size", measure, value, unit, runs=1)


def _packages() -> set[str]:
    """Return the names that the lock file means for this machine; some are for others only."""
    lines = RUNTIME.read_text().splitlines()
    named = [Requirement(line.rstrip("\\")) for line in lines if line and line[0] not in " #-"]
    return {one.name for one in named if one.marker is None or one.marker.evaluate()}


def _size(package: str) -> int:
    files = distribution(package).files or []
    return sum(path.stat().st_size for file in files if (path := Path(file.locate())).is_file())
