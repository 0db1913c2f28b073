"""Google's end of the Perspective API on loopback, with all the ways in which it goes wrong."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.answering import answering

Answered = tuple[int, Any, dict[str, str]]
"""Status, body and headers."""


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        text: str = self.body["comment"]["text"]
        return text


def scores(asked: Asked) -> Answered:
    """Answer as Perspective does, .9 for whatever holds an insult."""
    value = 0.9 if "idiot" in asked.text else 0.1
    summary = {"summaryScore": {"value": value, "type": "PROBABILITY"}}
    found = dict.fromkeys(asked.body["requestedAttributes"], summary)
    return 200, {"attributeScores": found, "languages": ["en"], "detectedLanguages": ["en"]}, {}


def error(code: int, *details: dict[str, Any], **headers: str) -> Callable[[Asked], Answered]:
    """Answer with an error in Google's shape; a canary stands where a text may be quoted."""
    body = {"error": {"code": code, "message": "canary", "details": list(details)}}
    return lambda _: (
        code,
        body,
        {name.replace("_", "-"): value for name, value in headers.items()},
    )


@dataclass
class Perspective:
    """A server on loopback; `answer` chooses each answer, and `late` lets it hang."""

    url: str = ""
    answer: Callable[[Asked], Answered] = scores
    late: bool = False
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def texts(self) -> list[str]:
        return [one.text for one in self.asked]


@contextmanager
def perspective_server() -> Iterator[Perspective]:
    """Run it on a free port."""
    made = Perspective()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"peer": made}))
    made.url = f"http://127.0.0.1:{server.server_port}/v1alpha1"
    with answering(server):
        try:
            yield made
        finally:
            made.over.set()


class _Handler(BaseHTTPRequestHandler):
    peer: Perspective

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.path, headers, body)
        self.peer.asked.append(asked)
        if self.peer.late:
            self.peer.over.wait(60)
        status, answer, more = self.peer.answer(asked)
        raw = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in (more | {"content-length": str(len(raw))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""
