"""What is analysed is kept nowhere: canary texts, and every file, key and log of real processes."""

import http.client
import json
import signal
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import redis

from moderation.services.sites import change_site
from tests.installation import Installation, installation, wait_until
from tests.scoring import answers
from tests.servers import start_valkey

PATH = "/v1alpha1/comments:analyze"
SUGGEST = "/v1alpha1/comments:suggestscore"
CANARY = "canary8f1c"
"""Short enough to be found however the rest of a text was cut, escaped or packed."""

ASKED = {"requestedAttributes": {"TOXICITY": {}}, "doNotStore": True, "spanAnnotations": True}


def comment(text: str, **more: object) -> bytes:
    return json.dumps({"comment": {"text": text, **more}} | ASKED).encode()


BODIES: Mapping[str, tuple[bytes, int]] = {
    "plain": (comment(f"You {CANARY} idiot. {CANARY}!"), 200),
    "HTML": (comment(f"<p>You <b>can</b>ary8f1c idiot {CANARY}</p>", type="HTML"), 200),
    "escaped": (comment(f"\u00fcber {CANARY} \U0001f600"), 200),
    "context": (
        json.dumps(
            {"comment": {"text": "a"}, "context": {"entries": [{"text": CANARY}]}} | ASKED
        ).encode(),
        200,
    ),
    "identifiers": (
        json.dumps(
            {"comment": {"text": "a"}, "clientToken": CANARY, "sessionId": CANARY} | ASKED
        ).encode(),
        200,
    ),
    "another language": (
        comment(f"Te voy a matar, hijo de puta, ya sé dónde vives. {CANARY}"),
        400,
    ),
    "oversize": (comment(f"{CANARY} " * 2_000), 400),
    "far too large": (comment(f"{CANARY} " * 200_000), 400),
    "malformed": (b'{"comment": {"text": "' + CANARY.encode(), 400),
    "bytes that are no UTF-8": (b'{"comment": {"text": "\xff' + CANARY.encode() + b'"}}', 400),
    "unknown field": (json.dumps({CANARY: CANARY}).encode(), 400),
    "wrong type": (json.dumps({"comment": CANARY}).encode(), 400),
    "unknown attribute": (
        json.dumps({"comment": {"text": "a"}, "requestedAttributes": {CANARY: {}}}).encode(),
        400,
    ),
    "form": (f"text={CANARY}".encode(), 400),
}


SUGGESTION = json.dumps(
    {
        "comment": {"text": CANARY},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
        "clientToken": CANARY,
        "communityId": CANARY,
        "doNotStore": True,
    }
).encode()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Installation]:
    """Everything runs, and whatever it writes it writes into one folder."""
    with installation(tmp_path) as made:
        (tmp_path / "tmp").mkdir()
        for name in ("web", "scoring", "classify", "deliveries", "beat"):
            made.variables[name] = {
                "TMPDIR": str(tmp_path / "tmp"),
                "COPYDESK_SCORING_SECONDS": "2",
            }
        # Each command is on the disk as it came, and what Valkey says too.
        options = (
            "--appendonly yes --appendfsync always --aof-use-rdb-preamble no --logfile valkey.log"
        )
        port = made.valkey_port
        made.processes["valkey"] = start_valkey(port, tmp_path, *options.split())
        # Even where analysed comments are moderated: what the request says goes before that.
        change_site(made.runtime, "agora", moderate_analysed=True)
        made.start("web", "scoring", "classify", "deliveries", "beat")
        made.ready()
        wait_until(lambda: answers(made.settings))
        yield made


def post(desk: Installation, body: bytes, query: str = "", key: str = "", path: str = PATH) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", desk.settings.port, timeout=60)
    try:
        connection.request("POST", f"{path}?key={key or desk.key}{query}", body)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def send_garbage(desk: Installation, line: str) -> None:
    """Send what is no HTTP, and wait until the server has had enough of it."""
    with socket.create_connection(("127.0.0.1", desk.settings.port), timeout=60) as connection:
        connection.sendall(line.encode() + b"\r\n\r\n")
        while connection.recv(4096):
            pass


def places_with(desk: Installation, text: str) -> list[str]:
    """Return the files and the keys of Redis that hold a text."""
    found = [
        str(path.relative_to(desk.folder))
        for path in desk.folder.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    ]
    with redis.Redis.from_url(desk.settings.redis_url.get_secret_value()) as client:
        found += [
            repr(key)
            for key in client.scan_iter()
            if text.encode() in key + (client.dump(key) or b"")
        ]
    return found


def test_what_is_analysed_is_in_no_file_no_key_and_no_log(desk: Installation) -> None:
    for name, (body, status) in BODIES.items():
        assert post(desk, body) == status, name
    assert post(desk, SUGGESTION, path=SUGGEST) == 200
    plain = BODIES["plain"][0]
    assert post(desk, plain, query=f"&text={CANARY}") == 400
    assert post(desk, plain, key=CANARY) == 400
    secret = desk.key.rpartition("_")[2]
    send_garbage(desk, f"POST {PATH}?key={desk.key}&text={CANARY}")
    send_garbage(desk, f"POST {PATH}?key={desk.key} HTTP/1.1\r\n{CANARY}")
    # Late, and then away.
    desk.kill("scoring", signal.SIGSTOP)
    assert post(desk, plain) == 503
    desk.kill("scoring", signal.SIGCONT)
    wait_until(lambda: post(desk, plain) == 200)
    desk.kill("scoring")
    assert post(desk, plain) == 503
    assert places_with(desk, CANARY) == []
    assert places_with(desk, secret) == []
    assert "perspective_unavailable" in (desk.folder / "web.log").read_text()
    assert "Invalid request" in (desk.folder / "web.log").read_text()


def test_what_may_be_kept_is_found_by_the_same_search(desk: Installation) -> None:
    may_be_stored = json.loads(BODIES["plain"][0]) | {"doNotStore": False}
    assert post(desk, json.dumps(may_be_stored).encode()) == 200
    assert any(place.startswith("copydesk.sqlite3") for place in places_with(desk, CANARY))
    with redis.Redis.from_url(desk.settings.redis_url.get_secret_value()) as client:
        client.set("planted", CANARY)
    planted = places_with(desk, CANARY)
    assert "b'planted'" in planted
    assert any(place.startswith("appendonlydir/") for place in planted)
