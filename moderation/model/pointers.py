"""Pointers: how what stands within a document is named, to programs and to people."""

from collections.abc import Sequence

Path = tuple[str, ...]
"""The names on the way to what stands in a document, outermost first; in a list, its number."""


def pointer_to(path: Sequence[int | str]) -> str:
    """Return the JSON Pointer (RFC 6901) for a path."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return "".join(f"/{part}" for part in parts)


def path_of(pointer: str) -> Path:
    """Return the path that a JSON Pointer leads to."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def dotted(path: Path) -> str:
    """Name a path to people: `thresholds.insult.flag`."""
    return ".".join(path)
