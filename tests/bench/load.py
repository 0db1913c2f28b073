"""`python -m tests.bench.load`: post comments over a few connections that stay open.

A process of its own and nothing but sockets, so that the client does not hold the server up: the
requests are made before the clock starts, and of each answer only status and length are read. Reads
its orders as JSON from stdin, writes what it found as JSON to stdout.
"""

import json
import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from uuid import uuid4

from tests.bench import texts

CONNECTIONS = 16
MOST_A_SECOND = 8_000
"""Requests that are made ready for each second; no server here answers more."""

_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Orders:
    """Where to send comments to, and for how long."""

    port: int
    path: str
    key: str
    seconds: float
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: seconds, and the share of one core that the client took itself."""

    rate: float
    p50: float
    p99: float
    longest: float
    client_cpu: float
    statuses: dict[str, int]


def send(orders: Orders) -> Answered:
    """Run the client in a process of its own; raises where that fails."""
    command = [sys.executable, "-m", "tests.bench.load"]
    said = json.dumps(asdict(orders)).encode()
    done = subprocess.run(command, input=said, capture_output=True, check=True)  # noqa: S603 - ours
    return Answered(**json.loads(done.stdout))


@dataclass(slots=True)
class _Client:
    """One request under way on each connection, from now until a moment."""

    port: int
    requests: Iterator[bytes]
    until: float
    took: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        with selectors.DefaultSelector() as selector:
            for _ in range(CONNECTIONS):
                connection = socket.create_connection(("127.0.0.1", self.port))
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(connection, selectors.EVENT_READ, self._ask(connection))
            while selector.get_map():
                for key, _ in selector.select():
                    self._hear(selector, key)

    def _ask(self, connection: socket.socket) -> float:
        connection.sendall(next(self.requests))
        return time.perf_counter()

    def _hear(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        connection = key.fileobj
        assert isinstance(connection, socket.socket)
        self.statuses[_read_answer(connection)] += 1
        now = time.perf_counter()
        self.took.append(now - key.data)
        if now < self.until:
            selector.modify(connection, selectors.EVENT_READ, self._ask(connection))
        else:
            selector.unregister(connection)
            connection.close()


def _read_answer(connection: socket.socket) -> str:
    """Read one answer to its end; return its status."""
    got = connection.recv(_BYTES)
    while b"\r\n\r\n" not in got:
        more = connection.recv(_BYTES)
        if not more:
            raise ConnectionError("the server closed the connection")
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    missing = length - len(body)
    while missing > 0:
        missing -= len(connection.recv(_BYTES))
    return head[9:12].decode()


def _requests(orders: Orders) -> Iterator[bytes]:
    head = (
        f"POST {orders.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {orders.key}\r\nContent-Length: "
    )
    some, prefix = texts.comments(1_000, orders.seed), uuid4().hex
    for number in range(int(orders.seconds * MOST_A_SECOND)):
        comment = {
            "external_id": f"{prefix}-{number}",
            "text": some[number % len(some)],
            "author": texts.author(number),
            "thread": texts.thread(number),
        }
        body = json.dumps(comment)
        yield f"{head}{len(body.encode())}\r\n\r\n{body}".encode()


def main() -> None:
    orders = Orders(**json.load(sys.stdin))
    requests = iter(list(_requests(orders)))
    started, cpu = time.perf_counter(), time.process_time()
    client = _Client(orders.port, requests, started + orders.seconds)
    client.run()
    passed = time.perf_counter() - started
    cuts = statistics.quantiles(client.took, n=100)
    answered = Answered(
        rate=len(client.took) / passed,
        p50=cuts[49],
        p99=cuts[98],
        longest=max(client.took),
        client_cpu=(time.process_time() - cpu) / passed,
        statuses=dict(client.statuses),
    )
    json.dump(asdict(answered), sys.stdout)


if __name__ == "__main__":
    main()
