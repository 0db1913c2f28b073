"""The web in this process, from its first request until nothing of it runs any more."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from api.app import create_app
from api.web import EXTENSION
from moderation.runtime import Runtime


class _Kept(BytecodeCache):
    """Templates that one application compiled, for those of the tests after it."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._codes.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key] = bucket.bytecode_to_string()


_KEPT = _Kept()


@contextmanager
def application(runtime: Runtime) -> Iterator[Flask]:
    """Make the application of a runtime, which is closed with it."""
    made = create_app(runtime)
    made.jinja_env.bytecode_cache = _KEPT
    try:
        yield made
    finally:
        _end_helpers()
        made.extensions[EXTENSION].close()


def replace_filter(app: Flask, name: str, instead: Callable[..., object]) -> None:
    """Let this application's templates, compiled anew, call another function for a filter."""
    # How a filter is called stands in what was compiled: nobody else may get that.
    app.jinja_env.bytecode_cache = None
    app.jinja_env.filters[name] = instead
    assert app.jinja_env.cache is not None
    app.jinja_env.cache.clear()


def _end_helpers() -> None:
    """Wait for those that a request of Coral's left alone: each may still hold a connection.

    One that comes back to a database that was closed meanwhile would never be closed itself.
    """
    for thread in threading.enumerate():
        if thread.name == "coral":
            thread.join()
