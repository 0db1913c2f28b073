"""One request to the server of a remote classifier: on time as a whole, its answer bounded.

No redirect is followed, no proxy of the environment is used, no connection is kept.
"""

import queue
import ssl
import threading
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus

import httpcore2

from moderation.model.errors import ClassifierFailed, ClassifierUnavailable

ANSWER_BYTES = 256 * 1024
"""Sixteen times what all labels of 64 texts take."""

_BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True)
class Server:
    """Where a model answers; `seconds` is the deadline of one request."""

    url: str
    token: str | None = field(repr=False)
    seconds: float

    def describe(self) -> bytes:
        """Ask what it is. Raises ClassifierUnavailable, ClassifierFailed."""
        return self._ask("GET", None)

    def score(self, body: bytes) -> bytes:
        """Ask for scores.

        Raises ClassifierUnavailable where it took no notice of the texts, ClassifierFailed where
        it may have broken at them. Neither quotes what it said.
        """
        return self._ask("POST", body)

    def _ask(self, method: str, body: bytes | None) -> bytes:
        connection = httpcore2.HTTPConnection(httpcore2.URL(self.url).origin, self._authorities)
        exchange = _Exchange(self, method, body)
        # A name server, a handshake or a server that drips knows no deadline of ours: only another
        # thread can keep it. What is still under way then fails at its next step.
        threading.Thread(target=exchange.run, args=(connection,), daemon=True).start()
        try:
            answer = exchange.outcome.get(timeout=self.seconds)
        except queue.Empty:
            answer = httpcore2.ReadTimeout() if exchange.sent else httpcore2.ConnectTimeout()
        exchange.late = True
        connection.close()
        if isinstance(answer, Exception):
            raise _in_words(answer) from answer
        return answer

    @cached_property
    def _authorities(self) -> ssl.SSLContext:
        """What checks certificates; loading it takes 20 ms."""
        return httpcore2.default_ssl_context()


@dataclass(slots=True)
class _Exchange:
    """One request and its answer, in a thread of their own."""

    server: Server
    method: str
    body: bytes | None
    sent: bool = False
    """Whether the server may have seen some of it."""
    late: bool = False
    """Whether nobody waits for it any more."""
    outcome: queue.SimpleQueue[bytes | Exception] = field(default_factory=queue.SimpleQueue)

    def run(self, connection: httpcore2.HTTPConnection) -> None:
        """Leave the answer's body as the outcome, or what went wrong."""
        try:
            self.outcome.put(self._received(connection))
        except Exception as error:  # noqa: BLE001 - who waits for it passes it on
            self.outcome.put(error)

    def _received(self, connection: httpcore2.HTTPConnection) -> bytes:
        timeouts = dict.fromkeys(("connect", "write", "read"), self.server.seconds)
        extensions = {"timeout": timeouts, "trace": self._step}
        headers = self._headers()
        with connection.stream(
            self.method, self.server.url, headers=headers, content=self.body, extensions=extensions
        ) as response:
            _check_status(response.status)
            received = b""
            for piece in response.iter_stream():
                received += piece
                if len(received) > ANSWER_BYTES:
                    raise ClassifierFailed(f"the answer is larger than {ANSWER_BYTES:,} bytes")
            return received

    def _step(self, event: str, _info: object) -> None:
        """See each step of the request before it is done."""
        if self.late:
            raise TimeoutError
        self.sent = self.sent or event == "http11.send_request_headers.started"

    def _headers(self) -> list[tuple[str, str]]:
        headers = [
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
            ("User-Agent", "copydesk"),
            ("Connection", "close"),
        ]
        token = self.server.token
        return headers + ([("Authorization", f"Bearer {token}")] if token else [])


def _check_status(status: int) -> None:
    if status in _BUSY:
        raise ClassifierUnavailable(f"it answers {status}")
    if status != HTTPStatus.OK:
        raise ClassifierFailed(f"it answers {status}")


def _in_words(error: Exception) -> ClassifierFailed | ClassifierUnavailable:
    """Return what went wrong as an error whose words quote nothing."""
    match error:
        case ClassifierFailed() | ClassifierUnavailable():
            return error
        case httpcore2.ConnectError() | httpcore2.ConnectTimeout() | OSError():
            untrusted = isinstance(error.__cause__, ssl.SSLCertVerificationError)
            return ClassifierUnavailable(
                "its certificate was not accepted" if untrusted else "no connection could be made"
            )
        case httpcore2.TimeoutException():
            return ClassifierFailed("no whole answer came in time")
        case httpcore2.NetworkError() | httpcore2.ProtocolError():
            return ClassifierFailed("the connection broke off, or what came was no HTTP")
        case _:
            return ClassifierFailed(f"the request failed ({type(error).__name__})")
