"""Static files, under an address of their content, so that browsers may keep them."""

from hashlib import sha256
from pathlib import Path

from flask import url_for

FOLDER = Path(__file__).parent / "static"


def fingerprint() -> str:
    """Return a name for all static files as they are now.

    It is a part of their path, so that a script and what it imports by relative addresses are of
    one version.
    """
    digest = sha256()
    for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(path.relative_to(FOLDER).as_posix().encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:10]


def asset(name: str) -> str:
    """Return the address of a static file. Raises FileNotFoundError where there is none."""
    if not (FOLDER / name).is_file():
        raise FileNotFoundError(name)
    return url_for("dashboard.static", filename=name)
