"""Files of weights are used only if they are the ones that were meant."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from moderation.model.errors import NotConfigured

SHOWN_DIGITS = 12
"""Hex digits of a digest that a classifier's version shows."""


def digest(path: Path) -> str:
    """Return the SHA-256 of a file. Raises NotConfigured where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise NotConfigured(f"cannot read {path}: {error.strerror}") from error


@contextmanager
def checked(path: Path, sha256: str) -> Iterator[BinaryIO]:
    """Open a file, at its start, whose SHA-256 is the one given (64 hex digits).

    The digest is taken from the very file that is handed out, so a file put in its place
    meanwhile is not read. Raises NotConfigured where the file is missing or another one.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise NotConfigured(f"cannot read {path}: {error.strerror}") from error
    with file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256.lower():
            raise NotConfigured(
                f"{path} is damaged or another file: "
                f"its SHA-256 is {found} ({file.tell():,} bytes), expected is {sha256}"
            )
        file.seek(0)
        yield file
