"""Webhooks over real sockets: a receiver on this machine, well-behaved or not."""

import base64
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from uuid import uuid4

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.addresses import AddressGuard
from tests.stateful import profile
from worker.guarded_network import Failure, Transport
from worker.webhooks import WebhookRequest, WebhookResponse, send

pytestmark = pytest.mark.enable_socket

Behaviour = Callable[[socket.socket], object]

SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, 32 bytes!").decode()
BODY = b'{"type":"comment.decided","data":{"action":"approve"}}'
HOME = AddressGuard(allowed_networks=(ip_network("127.0.0.0/8"),), allow_http=True)
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


def says(answer: bytes) -> Behaviour:
    return lambda connection: connection.sendall(answer)


def says_nothing(connection: socket.socket) -> None:
    connection.recv(1)


@dataclass
class Receiver:
    """Takes one request a connection and then behaves as it was told to."""

    behaviour: Behaviour = field(default_factory=lambda: says(NO_CONTENT))
    requests: list[bytes] = field(default_factory=list)
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                self.requests.append(_read_request(connection))
                self.behaviour(connection)

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received or len(received.split(b"\r\n\r\n", 1)[1]) < len(BODY):
        data = connection.recv(65536)
        if not data:
            break
        received += data
    return received


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.run)
    thread.start()
    yield made
    made.stop()
    thread.join(10)
    assert not thread.is_alive()


def deliver(
    url: str, transport: Transport | None = None, guard: AddressGuard = HOME
) -> WebhookResponse:
    request = WebhookRequest(url, uuid4(), datetime.now(UTC), BODY, (SECRET,))
    return send(request, guard, transport)


def drip(piece: bytes, *, head: bytes = b"") -> Behaviour:
    def behave(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(200):
            connection.sendall(piece)
            time.sleep(0.02)

    return behave


def test_a_receiver_takes_and_verifies_a_webhook(receiver: Receiver) -> None:
    response = deliver(receiver.url)

    head, body = receiver.requests[0].split(b"\r\n\r\n", 1)
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert response.delivered
    assert response.error is None
    assert standardwebhooks.Webhook(SECRET).verify(body, headers)["data"] == {"action": "approve"}
    assert headers["host"] == f"127.0.0.1:{receiver.port}"


def test_this_machine_is_out_of_reach_unless_the_operator_allows_it(receiver: Receiver) -> None:
    response = deliver(receiver.url, guard=AddressGuard(allow_http=True))

    assert response.error is not None
    assert not receiver.requests


def test_a_name_for_this_machine_is_out_of_reach_as_well(receiver: Receiver) -> None:
    guard = AddressGuard(allowed_networks=(ip_network("10.0.0.0/8"),), allow_http=True)

    response = deliver(f"http://localhost:{receiver.port}/", guard=guard)

    assert response.error == Failure.REFUSED
    assert not receiver.requests


def test_localhost_is_found_by_the_system_s_resolver(receiver: Receiver) -> None:
    both = (*HOME.allowed_networks, ip_network("::1/128"))

    response = deliver(
        f"http://localhost:{receiver.port}/", guard=AddressGuard(both, allow_http=True)
    )

    assert response.status == 204


def test_a_redirect_is_an_answer_and_not_a_way(receiver: Receiver) -> None:
    other = receiver.url + "/other"
    receiver.behaviour = says(
        f"HTTP/1.1 307 X\r\nLocation: {other}\r\nContent-Length: 0\r\n\r\n".encode()
    )

    response = deliver(receiver.url)

    assert (response.status, response.delivered) == (307, False)
    assert len(receiver.requests) == 1


def test_an_endpoint_that_is_gone_says_so(receiver: Receiver) -> None:
    receiver.behaviour = says(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")

    response = deliver(receiver.url)

    assert (response.status, response.permanent) == (410, True)


def test_a_megabyte_of_answer_is_cut_off(receiver: Receiver) -> None:
    sent: list[int] = []

    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        sent.extend(connection.send(b"x" * 65_536) for _ in range(1000))

    receiver.behaviour = flood
    response = deliver(receiver.url)

    assert response.delivered
    assert sum(sent) < 20_000_000


def test_a_head_that_drips_is_given_up_in_time(receiver: Receiver) -> None:
    receiver.behaviour = drip(b"X: y\r\n", head=b"HTTP/1.1 200 OK\r\n")

    response = deliver(receiver.url, Transport(seconds=0.3))

    assert (response.status, response.error) == (None, Failure.LATE)
    assert 250 <= response.duration_ms < 2000


def test_a_body_that_drips_is_given_up_in_time_but_its_status_counts(receiver: Receiver) -> None:
    receiver.behaviour = drip(b"x", head=b"HTTP/1.1 200 OK\r\n\r\n")

    response = deliver(receiver.url, Transport(seconds=0.3))

    assert response.delivered
    assert 250 <= response.duration_ms < 2000


def test_silence_is_given_up_in_time(receiver: Receiver) -> None:
    receiver.behaviour = says_nothing

    response = deliver(receiver.url, Transport(seconds=0.3))

    assert response.error == Failure.LATE
    assert 250 <= response.duration_ms < 2000


def test_a_receiver_that_does_not_read_is_given_up_in_time(receiver: Receiver) -> None:
    over = threading.Event()
    receiver.behaviour = lambda _: over.wait(10)
    body = b"x" * 50_000_000
    request = WebhookRequest(receiver.url, uuid4(), datetime.now(UTC), body, (SECRET,))

    response = send(request, HOME, Transport(seconds=0.3))
    over.set()

    assert response.error == Failure.LATE
    assert 250 <= response.duration_ms < 2000


def test_a_closed_port_is_an_error_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]

    assert deliver(f"http://127.0.0.1:{port}/").error == Failure.UNREACHABLE


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0)
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        monkeypatch.setenv(variable, address)
        monkeypatch.setenv(variable.lower(), address)

        assert deliver(receiver.url).delivered
        with pytest.raises(BlockingIOError):
            proxy.accept()


@given(noise=st.binary(max_size=300))
@profile(30)
def test_noise_is_no_accident(noise: bytes) -> None:
    receiver = Receiver(says(noise))
    thread = threading.Thread(target=receiver.run)
    thread.start()
    try:
        response = deliver(receiver.url, Transport(seconds=2))
    finally:
        receiver.stop()
        thread.join(10)

    assert (response.status is None) != (response.error is None)
