"""The dashboard and the API, served by this process to a real browser."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from moderation.runtime import Runtime
from tests.answering import answering
from tests.applications import application


class _Quiet(WSGIRequestHandler):
    """Answers at once, keeps connections, and writes no line for each request."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class Served:
    """An application at its address."""

    base_url: str
    runtime: Runtime

    def post(self, path: str, body: object, key: str) -> Any:  # noqa: ANN401 - JSON
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        sent = json.dumps(body).encode()
        request = urllib.request.Request(self.base_url + path, sent, headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            return json.load(response)


Change = Callable[[Flask], Any]
"""What a test does to an application before it is served."""


@contextmanager
def served(runtime: Runtime, *changes: Change) -> Iterator[Served]:
    """Serve an application over this runtime."""
    with application(runtime) as app:
        for change in changes:
            change(app)
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
        server.daemon_threads = True
        with answering(server):
            yield Served(f"http://127.0.0.1:{server.server_port}", runtime)
