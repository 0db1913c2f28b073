"""The site's inbox takes what came whole, and is quiet about what a kill cut off: nothing else."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.faults.matrix.webhooks import Inbox
from tests.installation import wait_until
from tests.receivers import Received, Receiver, receiver

BODY = json.dumps({"data": {"decision": {"id": "d-1"}}}).encode()
HEAD = b"POST /hook HTTP/1.1\r\nhost: site\r\nwebhook-id: w1\r\ncontent-length: %d\r\n\r\n" % len(
    BODY
)
WHOLE = HEAD + BODY
CUTS = {
    "before its beginning": 0,
    "in its first line": 6,
    "after its first line": HEAD.index(b"host"),
    "in the name of its length": HEAD.index(b"content") + 3,
    "before its length": HEAD.index(b": %d" % len(BODY)) + 2,
    "in its length": HEAD.index(b": %d" % len(BODY)) + 3,
    "before its body": len(HEAD),
    "in its body": len(WHOLE) - 1,
}
RESET = struct.pack("ii", 1, 0)
"""Of SO_LINGER: to close is to reset."""


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def site(inbox: Inbox) -> Iterator[Receiver]:
    with receiver() as made:
        made.answer = inbox.take
        yield made


def connected(site: Receiver) -> socket.socket:
    where = urlsplit(site.url)
    assert where.hostname
    assert where.port
    return socket.create_connection((where.hostname, where.port), timeout=30)


def send(site: Receiver, sent: bytes) -> bytes:
    """Send this and no more; return the answer."""
    with connected(site) as link:
        link.sendall(sent)
        link.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: link.recv(4096), b""))


def wait_for_handlers(before: set[threading.Thread]) -> None:
    wait_until(lambda: not set(threading.enumerate()) - before)


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_what_was_cut_off_has_not_come_and_is_no_error(
    site: Receiver, inbox: Inbox, capfd: pytest.CaptureFixture[str], cut: int
) -> None:
    send(site, WHOLE[:cut])
    assert (inbox.total, site.received) == (0, [])
    assert b" 204 " in send(site, WHOLE)
    assert (inbox.total, inbox.ids) == (1, {"d1": {"w1"}})
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("sent", [WHOLE[:-1], HEAD[:10], b""], ids=["body", "head", "nothing"])
def test_a_connection_that_is_reset_is_no_error(
    site: Receiver, inbox: Inbox, capfd: pytest.CaptureFixture[str], sent: bytes
) -> None:
    before = set(threading.enumerate())
    with connected(site) as link:
        link.sendall(sent)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    # Connections are taken in turn: once a later one is answered, somebody looks at this one.
    assert b" 204 " in send(site, WHOLE)
    wait_for_handlers(before)
    assert (inbox.total, len(site.received)) == (1, 1)
    assert capfd.readouterr().err == ""


def test_whoever_is_gone_before_the_answer_has_told_all_the_same(
    site: Receiver, inbox: Inbox, capfd: pytest.CaptureFixture[str]
) -> None:
    before = set(threading.enumerate())
    link = connected(site)

    def take(received: Received) -> int:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        link.close()
        return inbox.take(received)

    site.answer = take
    link.sendall(WHOLE)
    wait_until(lambda: inbox.total == 1)
    wait_for_handlers(before)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "sent",
    [HEAD + b"{" * len(BODY), WHOLE.replace(b"content-length", b"transfer-encoding")],
    ids=["no JSON", "no length"],
)
def test_what_came_whole_and_is_wrong_is_an_error(
    site: Receiver, capfd: pytest.CaptureFixture[str], sent: bytes
) -> None:
    assert b" 204 " not in send(site, sent)
    assert "Traceback" in capfd.readouterr().err
