"""Checks of single fields of an import: each takes a value and returns what is stored of it.

They agree with what the intake takes (a test compares the two), and say what is wrong without
quoting it.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Any

MAX_METADATA_BYTES = 2048
MAX_METADATA_FIELDS = 20
MAX_METADATA_NAME = 64
MAX_METADATA_INTEGER = 2**53
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


Check = Callable[[object], Any]
"""Returns the value to store, None for nothing. Raises ValueError with what is wrong."""


def string(limit: int, pattern: re.Pattern[str] | None = None, hint: str = "") -> Check:
    """Return a check of a text of at most so many characters; `hint` says what it must match."""

    def check(value: object) -> str:
        # Databases number their comments; a bool is an int, but no id.
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise ValueError("is not text")  # noqa: TRY004 - one kind of error for a line
        if len(value) > limit:
            raise ValueError(f"is longer than {limit} characters")
        if "\x00" in value:
            raise ValueError("holds the character NUL (U+0000)")
        if not _is_unicode(value):
            raise ValueError("is not valid UTF-8")
        if pattern is not None and not pattern.fullmatch(value):
            raise ValueError(hint)
        return value

    return check


def _is_unicode(text: str) -> bool:
    """Say whether the text can be written: lone surrogates, and bytes read as such, cannot."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def moment(value: object) -> datetime:
    """Return a moment in UTC, which is also the zone of one that has none."""
    try:
        read = datetime.fromisoformat(value if isinstance(value, str) else "")
        read = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is not a date and time like 2026-01-31T12:00:00Z") from None
    if not EARLIEST <= read < LATEST:
        raise ValueError("does not lie between 1970 and 2200")
    return read


def member(kind: type[StrEnum]) -> Check:
    """Return a check of one word of a closed set, in any case of letters."""
    *first, last = kind
    words = f"{', '.join(first)} or {last}"

    def check(value: object) -> StrEnum:
        try:
            return kind(str(value).strip().lower())
        except ValueError:
            raise ValueError(f"must be {words}") from None

    return check


def ip(value: object) -> str:
    """Return an IP address in its shortest form."""
    try:
        return ip_address(value if isinstance(value, str) else "").compressed
    except ValueError:
        raise ValueError("is not an IPv4 or IPv6 address") from None


def metadata(value: object) -> dict[str, Any]:
    """Return a mapping of scalars, given as such or, in CSV, as JSON."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
        size = len(json.dumps(found, allow_nan=False, ensure_ascii=False).encode())
    except (ValueError, RecursionError):
        raise ValueError("is not JSON") from None
    if not isinstance(found, dict) or len(found) > MAX_METADATA_FIELDS:
        raise ValueError(f"is not an object of at most {MAX_METADATA_FIELDS} fields")
    if size > MAX_METADATA_BYTES:
        raise ValueError(f"is longer than {MAX_METADATA_BYTES} bytes")
    if not all(_is_name(name) and _is_scalar(inner) for name, inner in found.items()):
        raise ValueError("holds more than names with strings, numbers, true, false and null")
    return found


def _is_name(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= MAX_METADATA_NAME and "\x00" not in name


def _is_scalar(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, int):
        return abs(value) <= MAX_METADATA_INTEGER
    return value is None or isinstance(value, float)
