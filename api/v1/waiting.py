"""Waiting for a decision: the header `Prefer: wait=N` (RFC 7240)."""

from threading import BoundedSemaphore
from typing import cast

from flask import current_app, request
from werkzeug.http import parse_list_header, unquote_header_value

from api.v1.operation import Header

MAX_WAIT_SECONDS = 10
SHARE_OF_THREADS = 4
"""One in so many threads may wait; the others keep accepting comments."""

PREFER_HEADERS = {
    "Prefer": Header("`wait=N` waits up to N seconds, at most 10, for the decision."),
}
APPLIED_HEADERS = {
    "Preference-Applied": Header("`wait=N` where the request waited for the decision."),
}


def wanted_seconds() -> int:
    """Return how long the client is ready to wait; 0 where it does not say, or says nonsense."""
    header = request.headers.get("Prefer")
    if not header:
        return 0
    wait = _preference(header, "wait")
    if not (wait.isascii() and wait.isdigit()):
        return 0
    return MAX_WAIT_SECONDS if len(wait) > len("10") else min(int(wait), MAX_WAIT_SECONDS)


def _preference(header: str, wanted: str) -> str:
    """Return the value of a preference, empty where there is none; the first one counts.

    Names are written in any case, and parameters may follow a value: `Wait=5; x=y`.
    """
    for preference in parse_list_header(header):
        name, _, value = preference.partition(";")[0].partition("=")
        if name.strip().lower() == wanted:
            return unquote_header_value(value.strip())
    return ""


EXTENSION = "copydesk.seats"


class Seats:
    """How many requests of this process may wait at once."""

    def __init__(self, threads: int) -> None:
        self._free = BoundedSemaphore(max(1, threads // SHARE_OF_THREADS))

    def take(self) -> bool:
        """Take a seat if there is one."""
        return self._free.acquire(blocking=False)

    def leave(self) -> None:
        """Give the seat back."""
        self._free.release()


def seats() -> Seats:
    """Return the seats of the process that serves this request."""
    return cast("Seats", current_app.extensions[EXTENSION])
