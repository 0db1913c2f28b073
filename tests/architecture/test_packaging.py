"""What an installed Copydesk has: everything that lies beside its code."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "worker", "classifiers", "moderation")
NOT_SHIPPED = {".py", ".pyc"}


def shipped() -> set[Path]:
    """Return the files that pyproject.toml puts into the distribution, besides modules."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {
        path
        for package, patterns in project["tool"]["setuptools"]["package-data"].items()
        for pattern in patterns
        for path in ROOT.joinpath(*package.split(".")).glob(pattern)
        if path.is_file()
    }


def test_every_file_beside_the_code_is_installed_with_it() -> None:
    files = {
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in NOT_SHIPPED
    }
    assert sorted(str(path.relative_to(ROOT)) for path in files - shipped()) == []


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {
        path.parent
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path not in shipped()
    }
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []
