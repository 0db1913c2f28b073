"""What Coral sends is read, proven and kept, or refused; no database is asked."""

import hashlib
import json
import time
from collections.abc import Callable
from threading import BoundedSemaphore, Event

import pytest
from flask import Flask

from api.compat.coral.comments import to_new
from api.compat.coral.deadlines import EXTENSION, deadline, in_time, register
from api.compat.coral.messages import read_message
from api.compat.coral.refusal import Refusal
from api.compat.coral.signatures import is_signed
from moderation.model.comments import Format
from tests import coral

BODY = coral.written(coral.message("You are an idiot."))
RIGHT = coral.headers(BODY, coral.SECRET)["X-Coral-Signature"].removeprefix("sha256=")
WRONG = "sha256=" + "0" * 64


@pytest.fixture
def app() -> Flask:
    made = Flask("test")
    register(made, threads=2)
    return made


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as raised:
        work()
    return raised.value.reason


@pytest.mark.parametrize(
    "header",
    [
        f"sha256={RIGHT}",
        f"{WRONG},sha256={RIGHT}",
        f"sha256={RIGHT}, {WRONG}",
    ],
)
def test_one_right_signature_is_enough(header: str) -> None:
    assert is_signed(BODY, header, coral.SECRET)
    assert not is_signed(BODY + b"\n", header, coral.SECRET)
    assert not is_signed(BODY, header, coral.SECRET + "0")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        WRONG,
        RIGHT,
        f"sha1={RIGHT}",
        f"sha256={RIGHT.upper()}",
        "sha256=\u00e9",
        ",".join([WRONG] * 4) + f",sha256={RIGHT}",
        f"sha256={RIGHT};",
    ],
)
def test_anything_else_is_no_signature(header: str) -> None:
    assert not is_signed(BODY, header, coral.SECRET)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"null",
        b"[" * 10_000,
        b"\xff",
        BODY.replace(b"idiot", b"\\ud800"),
        BODY.replace(b'"story"', b'"page"'),
        coral.written(coral.message(1)),
        coral.written(coral.message("x") | {"author": None}),
        coral.written(coral.message("x") | {"tenantID": 7}),
    ],
)
def test_what_is_no_message_is_refused(sent: bytes) -> None:
    assert refused(lambda: read_message(sent)) == "malformed"


@pytest.mark.parametrize(
    ("text", "reason"), [("", "no-text"), (" \n", "no-text"), ("x" * 20_001, "too-long")]
)
def test_what_holds_no_text_that_can_be_judged_is_refused(text: str, reason: str) -> None:
    message = read_message(coral.written(coral.message(text)))
    assert refused(lambda: to_new(message, Format.PLAIN)) == reason


def test_an_id_is_what_corals_own_language_makes_of_the_words_and_the_place() -> None:
    sent = coral.message("A “reply”.\n", parentID="d79b787f")
    new = to_new(read_message(coral.written(sent)), Format.PLAIN)
    # By Node: createHash("sha256").update(JSON.stringify([tenantID, story.id, author.id, …])).
    assert new.external_id == (
        "coral:cbbf4bfa874b1191e3d82bc3298373333220ce0ea018b8550cb6112c1423787e"
    )
    assert len(new.external_id) == len("coral:" + hashlib.sha256().hexdigest())
    edited = read_message(coral.written(sent | {"action": "EDIT"}))
    assert to_new(edited, Format.HTML).external_id == new.external_id


def test_the_same_words_elsewhere_or_by_somebody_else_are_another_comment() -> None:
    first = coral.message("Good morning.")
    sent = [
        first,
        first | {"author": {"id": "somebody else"}},
        first | {"story": {"id": "another story"}},
        first | {"tenantID": "another tenant"},
        coral.message("Good morning.", parentID="d79b787f"),
        coral.message("Good morning. "),
    ]
    made = {to_new(read_message(coral.written(one)), Format.PLAIN).external_id for one in sent}
    assert len(made) == len(sent)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", "http://", "x" * 3_000, ""])
def test_an_address_that_is_none_of_a_page_is_left_out(url: str) -> None:
    sent = coral.message("x") | {"story": {"id": "s" * 256, "url": url}}
    new = to_new(read_message(coral.written(sent)), Format.PLAIN)
    assert (new.thread.url, new.thread.id) == (None, None)


@pytest.mark.parametrize(
    ("timeout", "seconds"),
    [
        ("2000", 1.5),
        ("", 0.15),
        ("soon", 0.15),
        ("-1", 0.15),
        ("1e3", 0.15),
        ("\u0665", 0.15),
        ("999999", 0.15),
        ("1", 0.075),
        ("99999", 7.5),
    ],
)
def test_three_quarters_of_corals_time_are_used(app: Flask, timeout: str, seconds: float) -> None:
    with app.test_request_context("/", query_string={"timeout": timeout}):
        before, until, after = time.monotonic(), deadline(), time.monotonic()
    assert before + seconds <= until <= after + seconds


def test_what_hangs_is_left_alone_and_takes_up_room_until_it_ends(app: Flask) -> None:
    go_on, ended = Event(), Event()

    def hang() -> None:
        go_on.wait(60)
        ended.set()

    room: BoundedSemaphore = app.extensions[EXTENSION]
    with app.test_request_context("/?timeout=100"):
        for _ in range(2):
            assert refused(lambda: in_time(hang, deadline())) == "late"
        assert refused(lambda: in_time(lambda: 1, deadline())) == "busy"
        go_on.set()
        assert ended.wait(60)
        assert room.acquire(timeout=60)
        room.release()
        assert in_time(lambda: json.dumps(1), deadline() + 60) == "1"


def test_what_goes_wrong_in_time_is_raised(app: Flask) -> None:
    def fail() -> None:
        raise TimeoutError

    with app.test_request_context("/"), pytest.raises(TimeoutError):
        in_time(fail, deadline() + 60)
