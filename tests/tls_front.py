"""TLS before a server that speaks none, such as the Valkey of the tests."""

import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.answering import answering

CHUNK = 64 * 1024
SECONDS = 20.0
LOOKS_SECONDS = 0.05
"""How often a connection that is silent looks whether all is over."""


@dataclass
class Front:
    """Where it listens, and how many bytes it was told by clients that took its certificate."""

    port: int
    told: int = 0


@contextmanager
def tls_front(backend: int, certificate: Path) -> Iterator[Front]:
    """Take what comes over TLS to a free port, and hand it on to a port of this machine."""
    server = _Server(("127.0.0.1", 0), _Exchange)
    server.backend, server.front = backend, Front(server.server_address[1])
    server.over = threading.Event()
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.load_cert_chain(certificate)
    with answering(server):
        try:
            yield server.front
        finally:
            server.over.set()


class _Server(socketserver.ThreadingTCPServer):
    backend: int
    front: Front
    context: ssl.SSLContext
    over: threading.Event

    def handle_error(self, *_: object) -> None:
        """Do not mind clients that turn away."""


class _Exchange(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.request.settimeout(SECONDS)
        address = ("127.0.0.1", self.server.backend)
        with (
            self.server.context.wrap_socket(self.request, server_side=True) as client,
            socket.create_connection(address, SECONDS) as backend,
        ):
            while not self.server.over.is_set() and self._hand_on(client, backend):
                pass

    def _hand_on(self, client: ssl.SSLSocket, backend: socket.socket) -> bool:
        """Hand on what either of both says next; False where one has hung up."""
        for one in select.select([client, backend], [], [], LOOKS_SECONDS)[0]:
            data = one.recv(CHUNK)
            if not data:
                return False
            if one is client:
                self.server.front.told += len(data)
            (backend if one is client else client).sendall(data)
        return True
