"""Servers of the tests, which answer in a thread of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from threading import Thread

POLL_SECONDS = 0.02


@contextmanager
def answering(server: BaseServer) -> Iterator[None]:
    """Let a server answer, and close it at the end."""
    thread = Thread(target=server.serve_forever, args=(POLL_SECONDS,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
