"""The server of a remote classifier on loopback, with all the ways in which one goes wrong."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from moderation.model.classifier_options import ClassifierOptions
from tests.answering import answering


@dataclass(frozen=True)
class Asked:
    """One request as it came; `texts` are None where it was asked what it is."""

    headers: dict[str, str]
    texts: list[str] | None


@dataclass
class Remote:
    """Scores by `score`; the rest spoils its answers."""

    url: str = ""
    version: str = "words-1"
    labels: list[str] = field(default_factory=lambda: ["toxicity", "insult"])
    languages: list[str] = field(default_factory=lambda: ["en"])
    score: Callable[[str], Any] = lambda text: dict.fromkeys(
        ("toxicity", "insult"), 0.95 if "idiot" in text else 0.05
    )
    status: Callable[[Asked], int] = lambda _: 200
    body: Callable[[Asked], bytes] | None = None
    """What is answered to a request for scores instead of them."""
    hangs: Callable[[Asked], bool] = lambda _: False
    drips: bool = False
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def scored(self) -> list[list[str]]:
        """The texts of each request for scores."""
        return [one.texts for one in self.asked if one.texts is not None]

    def options(self, **given: Any) -> ClassifierOptions:  # noqa: ANN401 - fields of the options
        """Return what lets a classifier ask here."""
        return ClassifierOptions(remote_url=self.url, **{"remote_seconds": 5.0, **given})

    def answer(self, asked: Asked) -> bytes:
        document: dict[str, Any] = {"version": self.version}
        if asked.texts is None:
            document |= {"labels": self.labels, "languages": self.languages}
        elif self.body is not None:
            return self.body(asked)
        else:
            document["scores"] = [self.score(text) for text in asked.texts]
        return json.dumps(document).encode()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Do not mind clients that turn away."""


@contextmanager
def _serving(
    handler: type[BaseHTTPRequestHandler], port: int, certificate: Path | None
) -> Iterator[str]:
    server = _Server(("127.0.0.1", port), handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with answering(server):
        place = f"{server.server_port}/"
        yield f"https://localhost:{place}" if certificate else f"http://127.0.0.1:{place}"


@contextmanager
def remote_server(
    port: int = 0,
    certificate: Path | None = None,
    **spoiled: Any,  # noqa: ANN401 - fields of Remote
) -> Iterator[Remote]:
    """Run a remote classifier on a free port or on this one; with a certificate, over TLS."""
    made = Remote(**spoiled)
    handler = type("Handler", (_Handler,), {"remote": made})
    with _serving(handler, port, certificate) as made.url:
        try:
            yield made
        finally:
            made.over.set()


class _Handler(BaseHTTPRequestHandler):
    remote: Remote

    def do_GET(self) -> None:
        self._take(None)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._take(body["texts"])

    def _take(self, texts: list[str] | None) -> None:
        asked = Asked({name.lower(): value for name, value in self.headers.items()}, texts)
        self.remote.asked.append(asked)
        if self.remote.hangs(asked):
            self.remote.over.wait(60)
        body = self.remote.answer(asked)
        self.send_response(self.remote.status(asked))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "/elsewhere")
        if self.remote.drips:
            self._drip()
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        """Send a header of ten seconds, drop by drop."""
        self.flush_headers()
        self.wfile.write(b"X-Drip: ")
        for _ in range(500):
            if not self.remote.over.wait(0.02):
                self.wfile.write(b".")
        self.wfile.write(b"\r\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""
