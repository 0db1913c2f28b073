"""A site's own server, as small as it can be: it takes webhooks and verifies them."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

from tests.answering import answering


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def message(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.body)
        return message

    def verify(self, secret: str) -> dict[str, Any]:
        """Return the message if the signature is good; raises WebhookVerificationError."""
        message: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return message


@dataclass
class Receiver:
    """A server on loopback; `answer` chooses the status of each answer."""

    url: str
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], int] = lambda _: 204

    def ids(self) -> list[str]:
        return [one.id for one in self.received]

    def paths(self) -> list[str]:
        return [one.path for one in self.received]


class _Server(ThreadingHTTPServer):
    # By itself it lets five connections wait: of eight at once some would be tried again by the
    # kernel, a second later, and the sender would look slow.
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as it is declared
        # Whoever sends may be killed, and then its connection ends; anything else is printed.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Run a receiver on a free port."""
    server = _Server(("127.0.0.1", 0), BaseHTTPRequestHandler)
    made = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    server.RequestHandlerClass = _handler(made)
    with answering(server):
        yield made


def _handler(to: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self._body()
            headers = {name.lower(): value for name, value in self.headers.items()}
            one = Received(self.path, headers, body)
            to.received.append(one)
            self.send_response(to.answer(one))
            self.send_header("content-length", "0")
            self.end_headers()

        def _body(self) -> bytes:
            length = self.headers["content-length"]
            if not length:
                # Where the head was cut off before it, nothing follows.
                if self.rfile.read(1):
                    raise ValueError("It does not say how long it is.")
                raise ConnectionAbortedError
            body = self.rfile.read(int(length))
            if len(body) < int(length):
                raise ConnectionAbortedError
            return body

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler
