"""Sending one webhook, over a network that is not there."""

import base64
import dataclasses
import json
import ssl
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import ip_network
from uuid import UUID

import httpcore2
import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.addresses import AddressGuard
from worker.guarded_network import Failure, Transport
from worker.webhooks import WebhookRequest, send

EVENT = UUID("0197f5c2-7c00-7000-8000-000000000001")
SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, 32 bytes!").decode()
URL = "https://hooks.example.com/in?site=1"
BODY = '{"type":"comment.decided","data":{"name":"Zoë"}}'.encode()
PUBLIC_ONLY = AddressGuard()
PUBLIC = "93.184.215.14"


class FakeStream(httpcore2.NetworkStream):
    """Answers with what it was given, and keeps what was written."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.written = b""
        self.tls_name: str | None = None
        self.closed = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        assert timeout is not None
        data, self.answer = self.answer[:max_bytes], self.answer[max_bytes:]
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        assert timeout is not None
        self.written += buffer

    def close(self) -> None:
        self.closed = True

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        assert ssl_context.check_hostname
        assert timeout is not None
        self.tls_name = server_hostname
        return self

    def get_extra_info(self, info: str) -> None:
        assert info


class World(httpcore2.NetworkBackend):
    """Names to scripted answers (one per question), and every connection that was tried."""

    def __init__(self) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        self.tried: list[tuple[str, int]] = []
        self.dead: set[str] = set()
        self.answer = b"HTTP/1.1 204 No Content\r\n\r\n"
        self.streams: list[FakeStream] = []

    @property
    def transport(self) -> Transport:
        return Transport(resolve=self.resolve, backend=self)

    def resolve(self, host: str, port: int) -> list[str]:
        assert port
        self.asked.append(host)
        if not self.names.get(host):
            raise OSError("no such name")
        return self.names[host].pop(0)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        assert timeout is not None
        assert local_address is None
        assert socket_options is None
        self.tried.append((host, port))
        if host in self.dead:
            raise httpcore2.ConnectError("nobody there")
        self.streams.append(FakeStream(self.answer))
        return self.streams[-1]


@pytest.fixture
def world() -> World:
    made = World()
    made.names["hooks.example.com"] = [[PUBLIC]]
    return made


def request(url: str = URL, body: bytes = b"{}") -> WebhookRequest:
    return WebhookRequest(
        url=url, event_id=EVENT, sent_at=datetime.now(UTC), body=body, secrets=(SECRET,)
    )


def sent_headers(written: bytes) -> dict[str, str]:
    head = written.split(b"\r\n\r\n", 1)[0].decode()
    return dict(line.split(": ", 1) for line in head.split("\r\n")[1:])


def test_a_receiver_verifies_what_was_sent(world: World) -> None:
    response = send(request(body=BODY), PUBLIC_ONLY, world.transport)

    written = world.streams[0].written
    headers, body = sent_headers(written), written.split(b"\r\n\r\n", 1)[1]
    assert written.startswith(b"POST /in?site=1 HTTP/1.1\r\n")
    assert standardwebhooks.Webhook(SECRET).verify(body, headers)["data"] == {"name": "Zoë"}
    assert (response.status, response.error, response.delivered) == (204, None, True)
    assert headers["host"] == "hooks.example.com"
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("Copydesk/")
    assert headers["webhook-id"] == str(EVENT)
    assert int(headers["Content-Length"]) == len(body)


@pytest.mark.parametrize(
    ("status", "delivered", "permanent"),
    [
        (200, True, False),
        (204, True, False),
        (299, True, False),
        (301, False, False),
        (307, False, False),
        (400, False, False),
        (401, False, False),
        (404, False, False),
        (410, False, True),
        (429, False, False),
        (500, False, False),
        (999, False, False),
    ],
)
def test_a_status_means(
    world: World,
    status: int,
    delivered: bool,  # noqa: FBT001 - a table
    permanent: bool,  # noqa: FBT001
) -> None:
    world.answer = f"HTTP/1.1 {status} X\r\nLocation: https://10.0.0.1/\r\n\r\n".encode()

    response = send(request(), PUBLIC_ONLY, world.transport)

    assert (response.status, response.delivered, response.permanent) == (
        status,
        delivered,
        permanent,
    )
    assert len(world.tried) == 1


@pytest.mark.parametrize(
    ("status", "seconds"), [(429, 30), (503, 30), (200, None), (410, None), (500, None)]
)
def test_only_a_busy_endpoint_is_given_time(world: World, status: int, seconds: int | None) -> None:
    world.answer = f"HTTP/1.1 {status} X\r\nRETRY-AFTER: 30\r\n\r\n".encode()

    assert send(request(), PUBLIC_ONLY, world.transport).retry_after == seconds


@pytest.mark.parametrize(
    "url", ["http://hooks.example.com/", "https://10.0.0.1/", "https://hooks.example.com:22/"]
)
def test_a_url_that_is_no_longer_allowed_is_not_called(world: World, url: str) -> None:
    response = send(request(url=url), PUBLIC_ONLY, world.transport)

    assert response.status is None
    assert response.error is not None
    assert response.error.startswith("the URL ")
    assert not response.permanent
    assert not world.asked
    assert not world.tried


def test_the_connection_goes_to_the_address_that_was_checked(world: World) -> None:
    send(request(), PUBLIC_ONLY, world.transport)

    assert world.asked == ["hooks.example.com"]
    assert world.tried == [(PUBLIC, 443)]
    assert world.streams[0].tls_name == "hooks.example.com"
    assert world.streams[0].closed


def test_a_name_that_turns_to_a_private_address_is_refused(world: World) -> None:
    world.names["hooks.example.com"] = [[PUBLIC], ["127.0.0.1"], [PUBLIC]]

    first, second = (send(request(), PUBLIC_ONLY, world.transport) for _ in range(2))

    assert first.delivered
    assert (second.status, second.error) == (None, Failure.REFUSED)
    assert world.tried == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        [PUBLIC, "10.0.0.1"],
        ["10.0.0.1", PUBLIC],
        [PUBLIC, PUBLIC, PUBLIC, PUBLIC, PUBLIC, "::1"],
        ["::ffff:93.184.215.14"],
        ["64:ff9b::5db8:d70e"],
        ["fe80::1%eth0"],
        ["0.0.0.0"],  # noqa: S104 - nothing is bound
    ],
)
def test_one_private_address_spoils_all(world: World, addresses: list[str]) -> None:
    world.names["hooks.example.com"] = [addresses]

    assert send(request(), PUBLIC_ONLY, world.transport).error == Failure.REFUSED
    assert world.tried == []


def test_a_public_name_on_another_port_is_refused_although_a_network_is_allowed(
    world: World,
) -> None:
    guard = AddressGuard(allowed_networks=(ip_network("10.0.0.0/8"),))
    world.names = {"a.example": [["10.0.0.5"]], "b.example": [[PUBLIC]]}

    inside, outside = (
        send(request(url=f"https://{name}:8443/"), guard, world.transport)
        for name in ("a.example", "b.example")
    )

    assert inside.delivered
    assert outside.error == Failure.REFUSED
    assert world.tried == [("10.0.0.5", 8443)]
    assert sent_headers(world.streams[0].written)["host"] == "a.example:8443"


def test_the_next_address_is_tried_when_one_is_dead(world: World) -> None:
    world.names["hooks.example.com"] = [["2606:4700::1111", PUBLIC]]
    world.dead = {"2606:4700::1111"}

    assert send(request(), PUBLIC_ONLY, world.transport).delivered
    assert world.tried == [("2606:4700::1111", 443), (PUBLIC, 443)]


def test_a_few_dead_addresses_are_enough(world: World) -> None:
    dead = [f"8.8.8.{n}" for n in range(100)]
    world.names["hooks.example.com"] = [dead]
    world.dead = set(dead)

    assert send(request(), PUBLIC_ONLY, world.transport).error == Failure.UNREACHABLE
    assert len(world.tried) == 4


@pytest.mark.parametrize("answers", [[], [[]]])
def test_a_name_nobody_knows_is_an_error_in_words(world: World, answers: list[list[str]]) -> None:
    world.names["hooks.example.com"] = answers

    assert send(request(), PUBLIC_ONLY, world.transport).error == Failure.UNRESOLVED


def test_a_name_server_cannot_keep_us_waiting(world: World) -> None:
    asked, over = threading.Event(), threading.Event()

    def stall(_host: str, _port: int) -> list[str]:
        asked.set()
        over.wait(10)
        return [PUBLIC]

    transport = Transport(seconds=0.1, resolve=stall, backend=world)
    try:
        response = send(request(), PUBLIC_ONLY, transport)
    finally:
        over.set()

    assert asked.is_set()
    assert response.error == Failure.LATE
    assert 90 <= response.duration_ms < 5000
    assert world.tried == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", Failure.GARBLED),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Failure.GARBLED),
        (b"HTTP/1.1 2000 X\r\n\r\n", Failure.GARBLED),
        (b"HTTP/1.1 000 X\r\n\r\n", Failure.GARBLED),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, Failure.TOO_LARGE),
        (b"HTTP/1.1 103 Wait\r\n\r\n" * 5000, Failure.TOO_LARGE),
    ],
)
def test_a_strange_answer_is_an_error_in_words(world: World, answer: bytes, error: Failure) -> None:
    world.answer = answer

    response = send(request(), PUBLIC_ONLY, world.transport)

    assert (response.status, response.error) == (None, error)
    assert world.streams[0].closed


def test_of_a_large_answer_only_the_beginning_is_read(world: World) -> None:
    world.answer = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000
    size = len(world.answer)

    usual = send(request(), PUBLIC_ONLY, world.transport)
    world.names["hooks.example.com"] = [[PUBLIC]]
    short = send(request(), PUBLIC_ONLY, dataclasses.replace(world.transport, answer_bytes=100_000))

    assert usual.delivered
    assert short.delivered
    assert [size - len(stream.answer) for stream in world.streams] == [65_536, 100_000]
    assert all(stream.closed for stream in world.streams)


@given(st.binary(max_size=200) | st.binary(max_size=200).map(b"HTTP/1.1 200 OK\r\n".__add__))
def test_no_answer_makes_sending_fail_otherwise(answer: bytes) -> None:
    backend = httpcore2.MockBackend([answer])
    transport = Transport(resolve=lambda *_: [PUBLIC], backend=backend)
    response = send(request(), PUBLIC_ONLY, transport)

    assert (response.status is None) != (response.error is None)


def test_the_body_is_sent_as_it_is(world: World) -> None:
    body = json.dumps({"data": "x" * 20_000}).encode()

    send(request(body=body), PUBLIC_ONLY, world.transport)

    assert world.streams[0].written.endswith(b"\r\n\r\n" + body)
