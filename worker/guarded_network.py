"""Connections to places that somebody else chose: guarded, capped and on time.

The name is resolved and the addresses are checked inside the connect call, and the connection is
made to an address that was checked, so a name that changes its answer in between gains nothing.
"""

import contextlib
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from ipaddress import ip_address

import httpcore2

from moderation.model.addresses import Address, AddressGuard

Resolver = Callable[[str, int], Sequence[str]]
"""Host name and port to IP addresses; raises OSError where there are none."""

MAX_ATTEMPTS = 4
"""How many addresses of one name are tried."""
WRITE_BYTES = 4096
"""Small enough to be sent at once, so that each piece meets the deadline."""


class Failure(StrEnum):
    """Why there was no HTTP answer, in words for a person."""

    REFUSED = "the host leads to an address or port that is not allowed"
    UNRESOLVED = "the host name was not found"
    UNREACHABLE = "no connection could be made"
    UNTRUSTED = "the certificate was not accepted"
    NO_TLS = "no secure connection could be made"
    LATE = "no complete answer in time"
    LOST = "the connection was lost"
    GARBLED = "the answer was not understood"
    TOO_LARGE = "the answer was too large"


class PostFailed(Exception):
    """There was no HTTP answer."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class Deadline:
    """A moment by which everything must be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left. Raises PostFailed when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise PostFailed(Failure.LATE)
        return left


def resolve_by_system(host: str, port: int) -> list[str]:
    """Ask the system's resolver. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


@cache
def trusted_authorities() -> ssl.SSLContext:
    """Return the context that checks certificates; loading it takes 20 ms, so it is shared."""
    return httpcore2.default_ssl_context()


@dataclass(frozen=True, slots=True)
class Transport:
    """How the world is reached and how long and how much is waited for."""

    seconds: float = 15.0
    answer_bytes: int = 64 * 1024
    resolve: Resolver = resolve_by_system
    backend: httpcore2.NetworkBackend = field(default_factory=httpcore2.SyncBackend)
    tls: ssl.SSLContext = field(default_factory=trusted_authorities)


class GuardedBackend(httpcore2.NetworkBackend):
    """Resolves, checks and connects in one step."""

    def __init__(self, guard: AddressGuard, transport: Transport, deadline: Deadline) -> None:
        self._guard = guard
        self._transport = transport
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address that answers. Raises PostFailed."""
        addresses = self._checked_addresses(host, port)[:MAX_ATTEMPTS]
        for tried, address in enumerate(addresses):
            share = self._deadline.remaining() / (len(addresses) - tried)
            with contextlib.suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                stream = self._transport.backend.connect_tcp(
                    str(address), port, share, local_address, socket_options
                )
                return GuardedStream(stream, self._deadline, self._transport.answer_bytes)
        self._deadline.remaining()
        raise PostFailed(Failure.UNREACHABLE)

    def _checked_addresses(self, host: str, port: int) -> list[Address]:
        addresses = [ip_address(text) for text in self._addresses(host, port)]
        if not addresses:
            raise PostFailed(Failure.UNRESOLVED)
        # One bad address spoils all: who mixes them is trying something.
        if not all(self._guard.permits(address, port) for address in addresses):
            raise PostFailed(Failure.REFUSED)
        return addresses

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        with contextlib.suppress(ValueError):
            return [str(ip_address(host))]
        answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

        def resolve() -> None:
            found: Sequence[str] = ()
            with contextlib.suppress(OSError, UnicodeError):
                found = self._transport.resolve(host, port)
            answers.put(found)

        # A name server can be slow on purpose, and the system's resolver knows no time limit.
        threading.Thread(target=resolve, daemon=True).start()
        try:
            return answers.get(timeout=self._deadline.remaining())
        except queue.Empty:
            raise PostFailed(Failure.LATE) from None


class GuardedStream(httpcore2.NetworkStream):
    """A stream that ends with its deadline and after `allowance` bytes of answer."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline, allowance: int) -> None:
        self._stream = stream
        self._deadline = deadline
        self._allowance = allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Read what has come. Raises PostFailed."""
        if self._allowance <= 0:
            raise PostFailed(Failure.TOO_LARGE)
        wanted = min(max_bytes, self._allowance)
        data = self._stream.read(wanted, self._deadline.remaining())
        self._allowance -= len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Write all. Raises PostFailed."""
        for start in range(0, len(buffer), WRITE_BYTES):
            piece = buffer[start : start + WRITE_BYTES]
            self._stream.write(piece, self._deadline.remaining())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts
    ) -> httpcore2.NetworkStream:
        """Shake hands and check the certificate against the name. Raises PostFailed."""
        try:
            left = self._deadline.remaining()
            stream = self._stream.start_tls(ssl_context, server_hostname, left)
        except httpcore2.ConnectError as error:
            untrusted = isinstance(error.__cause__, ssl.SSLCertVerificationError)
            raise PostFailed(Failure.UNTRUSTED if untrusted else Failure.NO_TLS) from error
        except PostFailed:
            self.close()
            raise
        return GuardedStream(stream, self._deadline, self._allowance)

    def get_extra_info(self, info: str) -> object:
        """Return what the stream beneath knows of itself."""
        return self._stream.get_extra_info(info)
