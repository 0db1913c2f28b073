"""The web in this process, from its first request until nothing of it runs any more."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from api.app import create_app
from api.web import EXTENSION
from moderation.runtime import Runtime


@contextmanager
def application(runtime: Runtime) -> Iterator[Flask]:
    """Make the application of a runtime, which is closed with it."""
    made = create_app(runtime)
    try:
        yield made
    finally:
        _end_helpers()
        made.extensions[EXTENSION].close()


def _end_helpers() -> None:
    """Wait for those that a request of Coral's left alone: each may still hold a connection.

    One that comes back to a database that was closed meanwhile would never be closed itself.
    """
    for thread in threading.enumerate():
        if thread.name == "coral":
            thread.join()
