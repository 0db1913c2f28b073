"""Deadlines: an answer in time, whatever hangs behind it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import BoundedSemaphore
from typing import TypeVar, cast

from flask import Flask, current_app, request

from api.compat.coral.refusal import Refusal

Result = TypeVar("Result")

EXTENSION = "copydesk.coral"
DEFAULT_TIMEOUT, LEAST_TIMEOUT, MOST_TIMEOUT = 200, 100, 10_000
"""Milliseconds, as in the form of Coral."""

SHARE = 0.75
"""Of the time that Coral waits; the rest is for the way there and back."""


def register(app: Flask, threads: int) -> None:
    """Make room for as many helpers as there are threads that could need one."""
    app.extensions[EXTENSION] = BoundedSemaphore(threads)


def deadline() -> float:
    """Return until when the present request is answered, as a monotonic time.

    Its address says how long Coral waits; where it does not, that is what Coral's form begins with.
    """
    given = request.args.get("timeout", "")
    digits = given.isascii() and given.isdigit() and len(given) <= len(str(MOST_TIMEOUT))
    timeout = int(given) if digits else DEFAULT_TIMEOUT
    timeout = min(max(timeout, LEAST_TIMEOUT), MOST_TIMEOUT)
    return time.monotonic() + SHARE * timeout / 1000


def left(until: float) -> float:
    """Return the seconds until a monotonic time, at least none."""
    return max(0.0, until - time.monotonic())


def in_time(work: Callable[[], Result], until: float) -> Result:
    """Return what `work` returns; raise what it raises, and Refusal where it takes too long.

    It runs in a thread of its own, for nothing here can break off a database that hangs: then it is
    left alone, and ends when it ends. Those that are left take up the room for further ones.
    """
    room = cast("BoundedSemaphore", current_app.extensions[EXTENSION])
    if not room.acquire(blocking=False):
        raise Refusal("busy")
    context = current_app.app_context()
    future: Future[Result] = Future()

    def help_out() -> None:
        try:
            with context:
                future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody waits for it
            future.set_exception(error)
        finally:
            room.release()

    try:
        threading.Thread(target=help_out, name="coral", daemon=True).start()
    except RuntimeError:
        room.release()
        raise Refusal("busy") from None
    wait([future], left(until))
    if not future.done():
        raise Refusal("late")
    return future.result()
