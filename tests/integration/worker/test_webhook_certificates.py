"""Webhooks over TLS: the certificate is checked against the name, the address by the guard."""

import base64
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from pathlib import Path
from uuid import uuid4

import pytest

from moderation.model.addresses import AddressGuard
from tests.answering import answering
from tests.certificates import make_certificate
from worker.guarded_network import Failure, Transport
from worker.webhooks import WebhookRequest, WebhookResponse, send

pytestmark = pytest.mark.enable_socket

SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, 32 bytes!").decode()
HOME = AddressGuard(allowed_networks=(ip_network("127.0.0.0/8"),))


class Accepting(BaseHTTPRequestHandler):
    """Says yes."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


class Receiver(HTTPServer):
    """Does not mind clients that turn away."""

    def handle_error(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"), "hooks.example")


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Receiver(("127.0.0.1", 0), Accepting)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with answering(server):
        yield server.server_port


def deliver(
    port: int, host: str = "hooks.example", trusted: Path | None = None, seconds: float = 5.0
) -> WebhookResponse:
    url = f"https://{host}:{port}/"
    request = WebhookRequest(url, uuid4(), datetime.now(UTC), b"{}", (SECRET,))
    transport = Transport(
        seconds=seconds,
        resolve=lambda *_: ["127.0.0.1"],
        tls=ssl.create_default_context(cafile=trusted),
    )
    return send(request, HOME, transport)


def test_a_certificate_for_the_name_is_accepted(port: int, certificate: Path) -> None:
    assert deliver(port, trusted=certificate).delivered


def test_a_certificate_for_another_name_is_refused(port: int, certificate: Path) -> None:
    assert deliver(port, "other.example", certificate).error == Failure.UNTRUSTED


def test_a_certificate_for_a_name_does_not_serve_its_address(port: int, certificate: Path) -> None:
    assert deliver(port, "127.0.0.1", certificate).error == Failure.UNTRUSTED


def test_a_certificate_nobody_vouches_for_is_refused(port: int) -> None:
    assert deliver(port).error == Failure.UNTRUSTED


def test_the_usual_authorities_are_asked_when_nothing_is_said(port: int) -> None:
    request = WebhookRequest(
        f"https://127.0.0.1:{port}/", uuid4(), datetime.now(UTC), b"{}", (SECRET,)
    )

    assert send(request, HOME).error == Failure.UNTRUSTED


def test_a_receiver_without_tls_gets_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        received: list[bytes] = []

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                received.append(connection.recv(65_536))
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        response = deliver(listener.getsockname()[1])
        thread.join(10)

    assert response.error == Failure.NO_TLS
    assert b"webhook" not in received[0]


def test_a_handshake_that_drips_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                for byte in b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xfc" + b"\x00" * 200:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.02)

        thread = threading.Thread(target=drip)
        thread.start()
        response = deliver(listener.getsockname()[1], seconds=0.3)
        thread.join(10)

    assert response.error == Failure.LATE
    assert 250 <= response.duration_ms < 2000
